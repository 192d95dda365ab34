"""Group robots of 钉钉 and 企业微信."""
