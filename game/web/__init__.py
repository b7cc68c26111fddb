"""The web page as a player, the teacher's page, and the HTTP server beside the game server.

In the process of the game server run ``http_process`` (which starts the other one), ``publisher``,
``class_info_builder`` and ``link_losses``. In the HTTP process run ``http_child``, ``app``,
``api_values``, ``metrics`` and ``teacher_routes``. ``http_protocol``, ``class_info`` and
``teacher_actions`` define what passes between them.
``page`` and ``teacher_page`` hold the files for the browser.
``class_recording`` keeps what clients reported, for the results of a class.
Imported by the command line. It may import the server, of the client ``wire_loss``, and of the lab
``class_results`` and the report's texts.
"""
