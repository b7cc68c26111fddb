"""Colour palette of the window.  [pure]

Teams and warnings use the colours of Okabe and Ito, which colour-blind people can tell apart
(https://jfly.uni-koeln.de/color/).
"""

from game.match.world import Team

Colour = tuple[int, int, int]

BACKGROUND: Colour = (17, 21, 29)
PANEL: Colour = (27, 32, 44)
BUTTON: Colour = (43, 50, 64)
BUTTON_HOVERED: Colour = (58, 67, 86)
TEXT: Colour = (231, 236, 246)
MUTED: Colour = (148, 157, 173)
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
INK: Colour = (15, 19, 26)

APRON: Colour = (28, 44, 39)
GRASS: Colour = (35, 59, 50)
GRASS_STRIPE: Colour = (39, 65, 55)
LINE: Colour = (104, 144, 124)
POST: Colour = (214, 220, 230)

ORANGE: Colour = (230, 159, 0)
SKY: Colour = (86, 180, 233)
GREEN: Colour = (0, 158, 115)
YELLOW: Colour = (240, 228, 66)
BLUE: Colour = (0, 114, 178)
VERMILLION: Colour = (213, 94, 0)
PURPLE: Colour = (204, 121, 167)

WARM: Colour = (255, 178, 138)
ALARM: Colour = (104, 38, 20)
CAUTION: Colour = (84, 74, 22)

TEAM_COLOURS = {Team.ORANGE: ORANGE, Team.SKY: SKY}
