"""The reference connector: takes what Loket delivers, keeps it, fetches its files, decides by rules, and
calls back.

It imports nothing of Loket: copy this folder and make it yours. `signatures` proves who sent something;
`store` keeps each delivery once; `receiving` is the address that deliveries come to; `working` does what
comes after; `rules` decide; `serving` puts them together.
"""
