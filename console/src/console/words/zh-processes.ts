/** Processes: what tickets go through, drawn and versioned. */
export default {
  title: "流程", about: "工单按流程一步步办理。新版本启用后，新开的工单照它走，正在办的照原来的走完。", steps: "步骤", chooseElement: "点选图中的一个步骤、定时或连线，在这里修改。", blanks: "告知客户的话里可以用 {'{'}ticket_no{'}'}、{'{'}waybill_no{'}'}、{'{'}reason{'}'} 等占位符。",
  tabs: { picture: "流程图", edit: "编辑", compare: "对比" }, check: "校验", fit: "校验通过，可以保存为新版本", keep: "保存为新版本", kept: "新版本已保存，启用后才生效", known: "这个版本已经有了", noteAbout: "这次改了什么", undo: "撤销", redo: "重做", upload: "打开 .bpmn 文件", changed: "有未保存的修改",
  compare: "与生效版本对比", same: "两个版本办理方式相同，只是画法不同", added: "新增", removed: "去掉", altered: "修改", rollBack: "退回上一版本", rollBackSure: "确定退回上一个生效版本？", rolledBack: "已退回上一版本", downloadCurrent: "下载生效版本", onlyShipped: "现在用的是随产品提供的版本，还没有上传过其他版本。",
  fields: { name: "名称", id: "编号", type: "类型", duration: "时长（ISO 8601）", condition: "条件", default: "默认出路", from: "从", to: "到", at: "附在", interrupting: "中断", role: "办理部门", queue: "队列", skill: "技能", form: "表单", time_allowed: "办理时限", waits_for: "在等谁", state_on_enter: "进入时的状态", state_after: "完成后的状态", customer_on_enter: "进入时告诉客户", customer_on_done: "完成后告诉客户", customer_on_fire: "到时告诉客户" },
  roles: { customer_service: "客服", lead: "主管", warehouse: "仓库", claims: "理赔", finance: "财务", dispatch: "网点调度", courier: "快递员", carrier: "快递公司", billing: "开票", customer: "客户", system: "系统" },
};
