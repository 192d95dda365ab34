/** What several pages of the office say. */
export default {
  retry: "重试", loading: "正在加载", cancel: "取消", confirm: "确定", save: "保存", more: "加载更多", reload: "刷新", add: "新增", remove: "删除", edit: "编辑",
  verbs: "操作", d: "天", h: "小时", m: "分", saved: "已保存", removed: "已删除", sure: "确定要删除吗？", yes: "是", no: "否", none: "暂无内容", search: "搜索", close: "关闭",
  download: "下载", shipped: "随产品提供", active: "生效中", versions: "版本", version: "版本", note: "说明", by: "操作人", at: "时间", activate: "启用", activated: "已启用，新发生的业务按这个版本执行",
  activateSure: "确定启用版本 {version}？新发生的业务将按它执行。", choose: "请从列表中选择一项", noMore: "没有更多了", unsaved: "有未保存的修改，确定离开吗？",
};
