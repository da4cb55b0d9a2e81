import Delivery
import QRCodes
import Secrets
import TerminalIO

/// QR codes of made-up seeds.
enum PictureProbe {
  /// Shows the code and asks a question below it.
  static func ask(seed: String, account: String) throws {
    guard let terminal = Terminal.foreground() else { throw ProbeError.noTerminal }
    let uri = OTPAuthURI(seed: SecretBytes(copying: seed), account: account, issuer: "Amazon Web Services")
    let size = terminal.size
    let picture = try uri.terminalText(columns: size.columns, rows: size.rows - 1)
    guard case .some(let picture) = picture else { throw ProbeError.noRoom }
    let answer = try terminal.readLine("scan this, then type the code: ", echo: .visible, below: picture)
    try Output.standard.write("answer=\(answer.revealed() ?? "?")\n")
  }

  /// Says how often the seed stands in our memory when it has been encoded, twice being ours, and how often seed, text
  /// and PNG stand there when nobody holds them any more.
  static func reportResidue() throws {
    var search = MemorySearch()
    let copies = try look(for: &search)
    let left = (search.count(0), search.count(1), search.count(2))
    try Output.standard.write("encoded=\(copies) left=\(left)\n")
  }

  private static func look(for search: inout MemorySearch) throws -> Int {
    let seed = randomSeed()
    // free(3) writes over the first bytes of what it is given.
    search.add(seed, 40..<seed.count)
    let uri = OTPAuthURI(seed: seed, account: "alice@123456789012", issuer: "AWS")
    let code = try QRCode(encoding: uri.text())
    let copies = search.count(0)
    guard case .some(let text) = code.terminalText(columns: 80, rows: 24) else { throw ProbeError.noRoom }
    let png = code.png()
    // The middle of a picture is each seed's own.
    search.add(text, text.count / 2..<text.count / 2 + 100)
    search.add(png, png.count / 2..<png.count / 2 + 50)
    for index in 0..<3 where search.count(index) == 0 { throw ProbeError.searchFindsNothing }
    return copies
  }

  /// Never a `String`, so that the only copies are ours.
  private static func randomSeed() -> SecretBytes {
    var seed = SecretBytes()
    for _ in 0..<64 { seed.append(UInt8.random(in: UInt8(ascii: "A")...UInt8(ascii: "Z"))) }
    return seed
  }
}
