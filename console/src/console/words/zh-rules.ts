/** Rules: the tables that decide. */
export default {
  title: "规则", about: "分派、优先级、赔付等由这些表决定。改动先试算、再回放上个月的工单，确认后启用。", count: "{count} 条规则", nothing: "没有", unchanged: "不变", but: "除{listed}外", hitPolicies: { FIRST: "取第一条", UNIQUE: "只会命中一条", COLLECT: "全部收集", ANY: "结果须一致", "RULE ORDER": "按顺序全取" }, inForce: "生效版本", upload: "打开 .dmn 文件", kept: "新版本已保存，启用后才生效", look: "查看", same: "两个版本内容相同",
  tabs: { sheet: "表格", try: "试算", replay: "回放", evaluations: "判定记录" }, try: "试算", noneFired: "没有规则命中", replay: "回放", replayAbout: "把这段时间真实的判定用选中的版本再算一遍，看哪些结果会不同。不改变任何工单。", since: "自", until: "至",
  replayed: "重算 {evaluated} 次，{different} 次结果不同（{share}%）", failed: "{failed} 次算不出来", subject: "对象", subjectAbout: "工单号，如 T20261122000001", before: "当时", after: "换成这版", states: { added: "新增", removed: "去掉", changed: "修改", moved: "换了位置" },
};
