internal import AWSValues
internal import Glibc
package import HTTP
package import Processes

/// The user's browser: the program that `DAYPASS_BROWSER` names, or xdg-open.
package struct Browser {
  private let program: String
  /// `NAME=value` entries without a variable of AWS: no browser has a use for credentials.
  ///
  /// The others are all handed on. What a browser that starts now needs of them, for as long as it lives, no list knows:
  /// display, session bus, input method, toolkit, graphics driver, proxy, keyring, and what a distribution adds.
  private let environment: [[UInt8]]

  /// Nil if no program is named, here or by the variable, and a browser could not be shown to the user, which `isAbsent`
  /// decides.
  ///
  /// - Parameters:
  ///   - program: instead of the one that the variable names.
  ///   - entries: `NAME=value` entries, for the browser.
  ///   - variables: the environment that decides.
  package init?(_ program: String? = nil, environment entries: [[UInt8]], variables: [String: String]) {
    func named(_ name: String?) -> String? { name.flatMap { $0.isEmpty ? nil : $0 } }
    let named = named(program) ?? named(variables[Self.variable])
    guard named != nil || !Self.isAbsent(in: variables) else { return nil }
    // By its usual path before others of that name.
    let opener = Self.fileExists("/usr/bin/xdg-open") ? "/usr/bin/xdg-open" : "xdg-open"
    self.program = named ?? opener
    environment = entries.filter { !$0.starts(with: "AWS_".utf8) }
  }

  package static let variable = "DAYPASS_BROWSER"

  /// Whether there is no display, or another than the one the user sits at: over SSH, in a container, in CI.
  package static func isAbsent(in environment: [String: String], fileExists: (String) -> Bool = Self.fileExists) -> Bool
  {
    func has(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }
    if has(variable) { return false }
    return ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "CI", "CODESPACES", "CLOUD_SHELL"].contains(where: has)
      || !(has("DISPLAY") || has("WAYLAND_DISPLAY")) || fileExists("/.dockerenv")
  }

  /// Has the page opened, in a container of Firefox if one is named, and returns without waiting for it: what the program
  /// prints, and how it ends, is nobody's business.
  package func open(_ page: BrowserURL, inContainer name: String? = nil) throws(ChildError) {
    let address = name.map { Self.address(of: page, inContainer: $0) } ?? page.text
    try ChildProgram([program, address], environment: environment, terminal: .detached, timeout: .seconds(10))
      .startDetached()
  }

  /// As the add-on "Open external links in a container" takes it.
  private static func address(of page: BrowserURL, inContainer name: String) -> String {
    let color = name.contains("prod") ? "red" : colors[name.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xffff } % 7]
    return "ext+container:name=\(PercentEncoding.encode(name))&url=\(PercentEncoding.encode(page.text))"
      + "&color=\(color)&icon=fingerprint"
  }

  private static let colors = ["blue", "turquoise", "green", "yellow", "orange", "pink", "purple"]

  package static func fileExists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}

/// The address of a page that may be opened: https, or http on this machine, without user information, and nothing that
/// a program could take for an option.
package struct BrowserURL: Equatable, Sendable {
  package let text: String
  /// Without the fragment.
  package let url: URLText

  private static let lengthLimit = 8_192

  package init?(_ text: String) {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    guard text.utf8.count <= Self.lengthLimit, let address = parts.first else { return nil }
    do {
      url = try URLText(strictly: String(address))
      // A fragment is made of the characters of a query (RFC 3986, 3.5).
      if parts.count == 2 { _ = try URLText(strictly: "https://host/?" + parts[1]) }
    } catch {
      return nil
    }
    guard url.scheme == .https || url.isLoopback else { return nil }
    self.text = text
  }
}
