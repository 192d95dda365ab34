/** Tell the page's makers what is wrong; its visitors see nothing of it. */
export function complain(what: string): void {
  // eslint-disable-next-line no-console
  console.warn(`[驿问] 聊天窗口没有显示：${what}`);
}
