"""What an agency uses: make a service, check it, play it, see its medal, pack, submit and publish it.

The command `loket service …` (`command.py`) is its face. Nothing here is in a phone's bundle.
"""
