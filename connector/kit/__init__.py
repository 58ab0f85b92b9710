"""The test kit: plays the backend towards an agency's system, rightly and wrongly, and says what it makes of
it.

`letters` writes deliveries and signs them; `bench` sends them; `stand_in` is the backend that the system
calls back; `checks` say what must come of each; `report` tells it.
"""
