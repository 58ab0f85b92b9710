"""One renderer a field type: how a question of a form looks, sounds and is answered.

`renderers.render` draws any field; `asked.Asked` is what it is given.
"""
