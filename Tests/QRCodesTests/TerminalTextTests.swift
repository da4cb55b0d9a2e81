import Secrets
import Testing

@testable import QRCodes

struct TerminalTextTests {
  @Test(
    .enabled(if: QRReader.isInstalled, "zbar-tools is not installed"), arguments: EmulatedScreen.Kind.allCases,
    Photograph.Theme.allCases)
  func `a decoder reads the URI from the terminal`(kind: EmulatedScreen.Kind, theme: Photograph.Theme) throws {
    let text = try #require(try terminalText(account: "alice@123456789012", columns: 80, rows: 23))
    var screen = EmulatedScreen(kind, columns: 80, rows: 24)
    screen.show(text)
    #expect(Photograph(of: screen, theme).read() == (try MadeUp.uriText(account: "alice@123456789012", .issuerInLabel)))
    #expect(screen.unknown == [])
  }

  /// The names are a digit, the longest of an IAM user that fits into 80 × 24, and the longest there is.
  @Test(
    .enabled(if: QRReader.isInstalled, "zbar-tools is not installed"),
    arguments: [
      (1, 80, 23, .issuerInLabel), (1, 45, 23, .issuerInLabel), (1, 80, 27, .full), (38, 80, 23, .accountOnly),
      (64, 80, 25, .accountOnly), (64, 120, 50, .full),
    ] as [(Int, Int, Int, OTPAuthURI.Form)])
  func `the fullest form that fits is shown`(length: Int, columns: Int, rows: Int, form: OTPAuthURI.Form) throws {
    let account = String(repeating: "x", count: length) + "@123456789012"
    let text = try #require(try terminalText(account: account, columns: columns, rows: rows))
    var screen = EmulatedScreen(.xterm, columns: columns, rows: rows)
    screen.show(text)
    #expect(Photograph(of: screen, .dark).read() == (try MadeUp.uriText(account: account, form)))
    #expect(screen.wraps == 0)
    #expect(screen.scrolledOff == [])
  }

  @Test(arguments: [(40, 23), (80, 20), (0, 0)])
  func `a terminal without room gets none`(columns: Int, rows: Int) throws {
    let text = try terminalText(account: "alice-with-a-name@123456789012", columns: columns, rows: rows)
    #expect(text == nil)
  }

  private func terminalText(account: String, columns: Int, rows: Int) throws -> String? {
    let text = try MadeUp.uri(account: account).terminalText(columns: columns, rows: rows)
    return text.withValue { $0.revealed() } ?? nil
  }
}
