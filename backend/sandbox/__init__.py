"""The sandbox: synthetic citizens and an identity provider to sign them in. Never part of production."""
