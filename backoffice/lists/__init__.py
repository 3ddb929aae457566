"""What is done with lists: views that are kept, changes of many records at once, exports of what is shown."""
