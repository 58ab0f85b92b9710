"""The screens of Loket, one file each. A screen puts parts of `app.ui` together and calls the App."""
