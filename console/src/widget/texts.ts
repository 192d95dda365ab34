/** Every Chinese word the widget itself says. */
export const TEXTS = {
  open: (title: string) => `打开${title}`,
  close: (title: string) => `收起${title}`,
  openWith: (title: string, count: number) => `打开${title}，${count} 条未读消息`,
  unread: (count: number) => `客服发来 ${count} 条新消息`,
  dismiss: "不再显示",
  most: "99+",
};
