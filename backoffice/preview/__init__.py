"""The public page of a record before it is public: made from a form, shown in a frame, written nowhere."""
