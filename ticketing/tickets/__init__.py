"""工单: complaints, what becomes of them, and who did what when."""
