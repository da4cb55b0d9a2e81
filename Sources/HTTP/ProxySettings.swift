/// Which proxy is used for which host, by the environment variables that curl and the SDKs read.
///
/// `http_proxy` has no say: plain http goes to loopback only, and loopback is never proxied.
package struct ProxySettings: Equatable, Sendable {
  private let setting: Setting?
  private let exceptions: ProxyExceptions

  /// No proxy at all.
  package static let none = ProxySettings(environment: [:])

  /// Takes the first that is not empty of `https_proxy`, `HTTPS_PROXY`, `all_proxy` and `ALL_PROXY`; likewise
  /// `no_proxy` and `NO_PROXY`.
  package init(environment: [String: String]) {
    func first(_ names: String...) -> Setting? {
      names.lazy.compactMap { name in environment[name].map { Setting(variable: name, value: $0) } }
        .first { !$0.value.isEmpty }
    }
    setting = first("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    exceptions = ProxyExceptions(first("no_proxy", "NO_PROXY")?.value ?? "")
  }

  /// The proxy for `url`, nil where it is reached directly.
  package func proxy(for url: URLText) throws(HTTPError) -> Proxy? {
    guard let setting, !url.isLoopback, !exceptions.cover(url.host) else { return nil }
    do { return try Proxy(parsing: setting.value) } catch { throw .invalidProxy(variable: setting.variable) }
  }

  private struct Setting: Equatable {
    let variable: String
    let value: String
  }
}
