"""Reading the business: tables of a catalogue's columns, the charts drawn from them, the sentences said about them."""
