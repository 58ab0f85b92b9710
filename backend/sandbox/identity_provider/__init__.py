"""The sandbox identity provider: OpenID Connect on loopback, where a tester signs in by choosing a persona.

It speaks the whole protocol that the app will meet in production (authorization code, PKCE, pushed requests,
DPoP, rotating refresh tokens, `iss`, logout), and knows no passwords. `IdentityProvider` in `provider.py`
holds the rules, `endpoints.py` serves them. It is refused outside the sandbox profile.
"""
