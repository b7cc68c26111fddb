"""The results of a class: recorded on the server, analysed by student and by transport."""
