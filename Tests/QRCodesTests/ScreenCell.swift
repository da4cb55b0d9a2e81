/// One character of a terminal's screen.
struct ScreenCell: Equatable {
  enum Colour { case own, black, white, brightWhite }

  var scalar: Unicode.Scalar = " "
  var ink = Colour.own
  var paper = Colour.own

  /// The colours of its upper and its lower half.
  var halves: [Colour] {
    switch scalar {
    case "█": [ink, ink]
    case "▀": [ink, paper]
    case "▄": [paper, ink]
    default: [paper, paper]
    }
  }
}
