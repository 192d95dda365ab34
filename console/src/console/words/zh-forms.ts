/** Forms: what is asked at a step. */
export default {
  title: "表单", about: "每一步办理时要填什么，也是机器人在对话里要问的。", fields: "{count} 项", preview: "预览", check: "检查填写", fits: "填写合格，会这样保存：", doesNotFit: "有 {count} 处需要修改", kept: "新版本已保存，启用后才生效", upload: "打开 .json 文件", draft: "这是还没保存的草稿", backToActive: "看生效版本", onlyShipped: "现在用的是随产品提供的版本，还没有上传过其他版本。",
};
