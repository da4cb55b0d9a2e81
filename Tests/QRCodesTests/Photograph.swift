import TestSupport

/// A picture of an emulated screen, as a camera sees it.
struct Photograph {
  /// The terminal's own colours.
  enum Theme: CaseIterable { case dark, light }

  private static let pixelsPerModule = 5
  private let rows: [[UInt8]]

  init(of screen: EmulatedScreen, _ theme: Theme) {
    rows = screen.lines.flatMap { line in
      [0, 1].flatMap { half in
        let row = line.flatMap { cell in
          Array(repeating: Self.grey(cell.halves[half], theme), count: Self.pixelsPerModule)
        }
        return Array(repeating: row, count: Self.pixelsPerModule)
      }
    }
  }

  /// What the QR code in it says.
  func read() -> String {
    let folder = ScratchFolder()
    let pixels = rows.map { $0.map(String.init).joined(separator: " ") }.joined(separator: "\n")
    let picture = "P2 \(rows[0].count) \(rows.count) 255\n\(pixels)\n"
    return QRReader.text(inPictureAt: folder.write(picture, to: "screen.pgm"))
  }

  private static func grey(_ colour: ScreenCell.Colour, _ theme: Theme) -> UInt8 {
    switch (colour, theme) {
    case (.own, .dark), (.black, _): 0
    case (.own, .light), (.brightWhite, _): 255
    case (.white, _): 190
    }
  }
}
