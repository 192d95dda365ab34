/** What drawing asks of a browser and happy-dom has not: nothing here is measured, only drawn. */
const BOX = { x: 0, y: 0, width: 100, height: 80, top: 0, left: 0, right: 100, bottom: 80 };

function matrix(): object {
  const own = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
  const same = (): object => matrix();
  return { ...own, inverse: same, multiply: same, translate: same, scale: same, rotate: same };
}

function transform(): object {
  return { matrix: matrix(), setTranslate: () => undefined, setRotate: () => undefined, setScale: () => undefined, setMatrix: () => undefined };
}

export function pretendToDraw(): void {
  const list = { numberOfItems: 0, clear: () => undefined, appendItem: () => undefined, consolidate: () => null, getItem: transform, initialize: () => undefined };
  const known = {
    getBBox: () => BOX,
    getCTM: matrix,
    getScreenCTM: matrix,
    createSVGMatrix: matrix,
    createSVGTransform: transform,
    createSVGTransformFromMatrix: transform,
    createSVGPoint: () => ({ x: 0, y: 0, matrixTransform: () => ({ x: 0, y: 0 }) }),
    getComputedTextLength: () => 10,
    getTotalLength: () => 100,
    getPointAtLength: () => ({ x: 0, y: 0 }),
  };
  for (const { prototype } of [Element, SVGElement, SVGGraphicsElement, SVGSVGElement]) {
    for (const [name, value] of Object.entries(known)) Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
    Object.defineProperty(prototype, "transform", { get: () => ({ baseVal: list, animVal: list }), configurable: true });
  }
}
