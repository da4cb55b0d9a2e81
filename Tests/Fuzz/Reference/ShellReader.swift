/// Reads the few statements that `export` writes, by the quoting rules in each shell's manual; anything else is an error.
struct ShellReader {
  private(set) var values: [String: String] = [:]
  private(set) var removed: Set<String> = []
  private let dialect: Dialect
  private var rest: Substring.UnicodeScalarView

  enum Dialect: CaseIterable {
    case posix, fish, powershell
  }

  /// Nil if `script` holds anything but such statements.
  init?(_ script: String, _ dialect: Dialect) {
    self.dialect = dialect
    rest = script[...].unicodeScalars
    while !rest.isEmpty {
      guard takeStatement() else { return nil }
    }
  }

  private mutating func takeStatement() -> Bool {
    switch dialect {
    case .posix: take("unset ") ? takeRemoval() : take("export ") && takeAssignment("=")
    case .fish:
      take("for daypass_name in ") ? takeRemoval() && take(Self.fishRemoval) : take("set -gx ") && takeAssignment(" ")
    case .powershell: take("$Env:") && takePowershell()
    }
  }

  private mutating func takeRemoval() -> Bool {
    repeat { removed.insert(name()) } while take(" ")
    return take(";\n")
  }

  /// What is done with each name of the loop in fish.
  private static let fishRemoval = """
    set -eg $daypass_name;
    if set -qUx $daypass_name; set -gx $daypass_name;
    echo "daypass: hint: $daypass_name is universal, and empty in this shell now: set -eU $daypass_name" >&2;
    end; end; set -e daypass_name;

    """

  private mutating func takeAssignment(_ mark: String) -> Bool {
    let name = name()
    guard !name.isEmpty, take(mark), let value = word(), take(";\n") else { return false }
    values[name] = value
    return true
  }

  private mutating func takePowershell() -> Bool {
    let name = name()
    if take(" = $null;\n") { return removed.insert(name).inserted }
    guard take(" = "), let value = word(), take(";\n") else { return false }
    values[name] = value
    return true
  }

  private mutating func name() -> String {
    let name = rest.prefix { $0 == "_" || ("A"..."Z").contains($0) }
    rest = rest[name.endIndex...]
    return String(Substring(name))
  }

  /// One word: quoted pieces, and in sh escaped characters between them.
  private mutating func word() -> String? {
    var value: String?
    while let first = rest.first, first != ";" {
      if dialect == .posix, first == "\\" {
        rest.removeFirst()
        guard let escaped = rest.popFirst(), escaped != "\n" else { return nil }
        value = (value ?? "") + String(escaped)
      } else {
        guard isQuote(first), let piece = quoted() else { return nil }
        value = (value ?? "") + piece
      }
    }
    return value
  }

  /// What stands between single quotes.
  private mutating func quoted() -> String? {
    rest.removeFirst()
    var piece = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      if dialect == .fish, scalar == "\\", rest.first == "\\" || rest.first == "'" {
        piece.append(rest.removeFirst())
      } else if !isQuote(scalar) {
        piece.append(scalar)
      } else if dialect == .powershell, let next = rest.first, isQuote(next) {
        piece.append(rest.removeFirst())
      } else {
        return String(piece)
      }
    }
    return nil
  }

  private func isQuote(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "'" || (dialect == .powershell && ("\u{2018}"..."\u{201b}").contains(scalar))
  }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.unicodeScalars) else { return false }
    rest = rest.dropFirst(text.unicodeScalars.count)
    return true
  }
}
