"""Who the citizen is to this device: sign-in, session and tokens, and the PIN that locks what is stored."""
