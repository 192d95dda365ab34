import vue from "eslint-plugin-vue";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "src/api/generated.d.ts"] },
  ...tseslint.configs.strict,
  ...vue.configs["flat/recommended"],
  { files: ["**/*.vue"], languageOptions: { parserOptions: { parser: tseslint.parser } } },
  {
    rules: {
      "no-console": "error",
      "no-undef": "off",
      "max-lines": ["error", 500],
      "max-lines-per-function": ["error", 60],
      "vue/no-v-html": "error",
      // It takes `v-memo` beside `v-for` for useless, where Vue wants it.
      "vue/no-useless-template-attributes": "off",
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
    },
  },
  { files: ["tests/**"], rules: { "max-lines-per-function": "off" } },
);
