/** What the drawing tools say, by their own English words; what is missing here stays as it is. */
export const EDITOR_WORDS: Readonly<Record<string, string>> = {
  "Activate hand tool": "抓手", "Activate lasso tool": "框选", "Activate create/remove space tool": "增删空白", "Activate global connect tool": "连线",
  "Create start event": "开始事件", "Create intermediate/boundary event": "中间或边界事件", "Create end event": "结束事件", "Create gateway": "网关", "Create task": "任务",
  "Create data object reference": "数据对象", "Create data store reference": "数据存储", "Create expanded sub-process": "子流程", "Create pool/participant": "泳池", "Create group": "分组",
  "Append end event": "接一个结束事件", "Append gateway": "接一个网关", "Append task": "接一个任务", "Append intermediate/boundary event": "接一个事件", "Add text annotation": "加批注",
  "Change element": "换一种元素", "Change type": "换类型", Delete: "删除", "Connect to other element": "连到别的元素", "Connect using sequence/message flow or association": "连线", "Open color picker": "颜色",
  "User task": "人工步骤", Task: "任务", "Exclusive gateway": "排他网关", "Parallel gateway": "并行网关", "Timer boundary event": "定时", "Timer boundary event (non-interrupting)": "定时（不中断）", "Sequence flow": "连线", "Default flow": "默认出路", "Conditional flow": "条件连线", "Search in diagram": "在图中查找",
  "Rules may overlap. The first matching rule will be chosen": "规则可以重叠，取第一条命中的", "Decision name": "表名", "Hit policy": "命中方式", Resize: "调整列宽", "Move Input": "移动条件列", "Move Output": "移动结果列", "Move rule": "移动规则", "Input values": "条件的可选值", "Input type": "条件的类型", "Output values": "结果的可选值", "Output type": "结果的类型", Annotation: "说明",
  When: "当", And: "且", Then: "则", Annotations: "说明", "Hit policy:": "命中方式", "Hit Policy": "命中方式", "Add rule": "加一行规则", "Add input": "加条件列", "Add output": "加结果列", "Add Rule": "加一行规则", "Remove Rule": "删掉这行", "Add above": "在上面加一行", "Add below": "在下面加一行", Remove: "删除", Rule: "规则", Input: "条件", Output: "结果", Copy: "复制", Cut: "剪切", "Paste above": "粘贴到上面", "Paste below": "粘贴到下面",
  Expression: "表达式", "Expression language": "表达式语言", "Input label": "条件名称", "Output label": "结果名称", "Output name": "结果编号", "Input Entry": "条件", "Output Entry": "结果", Type: "类型", "Predefined values": "可选的值", "Edit input": "修改条件列", "Edit output": "修改结果列", First: "取第一条", Unique: "只能命中一条", Collect: "全部收集", "Rule order": "按规则顺序", Any: "任意", Priority: "按优先级", "Edit Decision Table Name": "修改表名",
};
