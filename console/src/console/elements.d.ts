// Element Plus is resolved by name (vite.config.ts). Its own declarations refuse aria-* and, under
// exactOptionalPropertyTypes, their own selects; so its elements are known by name only.
export {};

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Element = new () => { $props: Record<string, any>; $slots: Record<string, (scope: any) => unknown> };

declare module "vue" {
  interface GlobalComponents {
    ElAlert: Element;
    ElBadge: Element;
    ElButton: Element;
    ElButtonGroup: Element;
    ElCalendar: Element;
    ElCard: Element;
    ElCheckbox: Element;
    ElCheckboxButton: Element;
    ElCheckboxGroup: Element;
    ElCol: Element;
    ElCollapse: Element;
    ElCollapseItem: Element;
    ElConfigProvider: Element;
    ElDatePicker: Element;
    ElDescriptions: Element;
    ElDescriptionsItem: Element;
    ElDialog: Element;
    ElDivider: Element;
    ElDrawer: Element;
    ElDropdown: Element;
    ElDropdownItem: Element;
    ElDropdownMenu: Element;
    ElEmpty: Element;
    ElForm: Element;
    ElFormItem: Element;
    ElIcon: Element;
    ElImage: Element;
    ElInput: Element;
    ElInputNumber: Element;
    ElLink: Element;
    ElMenu: Element;
    ElMenuItem: Element;
    ElOption: Element;
    ElOptionGroup: Element;
    ElPageHeader: Element;
    ElPagination: Element;
    ElPopconfirm: Element;
    ElPopover: Element;
    ElProgress: Element;
    ElRadio: Element;
    ElRadioButton: Element;
    ElRadioGroup: Element;
    ElRate: Element;
    ElResult: Element;
    ElRow: Element;
    ElScrollbar: Element;
    ElSegmented: Element;
    ElSelect: Element;
    ElSkeleton: Element;
    ElSkeletonItem: Element;
    ElSlider: Element;
    ElSpace: Element;
    ElStatistic: Element;
    ElStep: Element;
    ElSteps: Element;
    ElSubMenu: Element;
    ElSwitch: Element;
    ElTabPane: Element;
    ElTable: Element;
    ElTableColumn: Element;
    ElTabs: Element;
    ElTag: Element;
    ElText: Element;
    ElTimePicker: Element;
    ElTimeSelect: Element;
    ElTimeline: Element;
    ElTimelineItem: Element;
    ElTooltip: Element;
    ElTree: Element;
    ElUpload: Element;
  }
}
