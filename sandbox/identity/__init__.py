"""An OpenID Connect provider, written from Core 1.0, Discovery 1.0 and RFC 7636 (PKCE)."""
