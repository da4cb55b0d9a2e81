internal import AWSValues
package import HTTP

/// The address where one signs in to Identity Center, as AWS knows it: a company may give users a name of its own, which
/// leads there by one redirect.
/// https://docs.aws.amazon.com/singlesignon/latest/userguide/howtochangeURL.html
package struct StartURL: Equatable, Sendable {
  package let text: String
  /// The instance's region, if its host name contains it.
  package let region: String?

  /// Why a name of a company's own leads nowhere.
  package enum Fault: Error, Equatable, Sendable {
    case unusable(URLText.Fault)
    case unreachable(AWSError)
    /// The status that came in place of a redirect.
    case noRedirect(status: Int)
    /// Where the redirect leads, which is not AWS's.
    case notAWS(String)
  }

  /// Asks where `text` leads, unless its host is AWS's own: nothing secret is sent, and one redirect is read.
  package static func resolve(_ text: String, by client: AWSClient) throws(Fault) -> StartURL {
    let address = String(text.prefix { $0 != "#" })
    let url: URLText
    do { url = try URLText(strictly: address) } catch { throw .unusable(error) }
    guard !AWSPage.isOfAWS(url.host) else { return StartURL(text: text, region: nil) }
    let response: HTTPResponse
    do { response = try client.head(url) } catch { throw .unreachable(error) }
    guard (300..<400).contains(response.status), let location = response.headers["location"] else {
      throw .noRedirect(status: response.status)
    }
    let target: URLText
    do { target = try URLText(strictly: String(location.prefix { $0 != "#" })) } catch { throw .notAWS(location) }
    guard target.scheme == .https, AWSPage.isOfAWS(target.host) else { throw .notAWS(location) }
    return StartURL(text: target.normalized, region: region(inHost: target.host))
  }

  /// `X.portal.REGION.app.aws` and `X.REGION.portal.amazonaws.com`, and the same of other partitions.
  private static func region(inHost host: String) -> String? {
    let labels = host.split(separator: ".").map(String.init)
    let candidates = [labels.dropFirst(2).first, labels.dropFirst().first].compactMap { $0 }
    return candidates.first { $0.isRegionName }
  }
}

extension URLText {
  /// Without what makes no difference: a slash at the end, query and fragment.
  fileprivate var normalized: String {
    var url = self
    url.query = ""
    while url.path.count > 1, url.path.last == "/" { url.path.removeLast() }
    return url.path == "/" ? String(url.text.dropLast()) : url.text
  }
}

extension String {
  /// `eu-west-1`.
  fileprivate var isRegionName: Bool {
    let parts = split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 3, let first = parts.first, let last = parts.last else { return false }
    return first.count >= 2 && first.allSatisfy { $0.isASCII && $0.isLowercase } && !last.isEmpty
      && last.utf8.allSatisfy(\.isDigit) && isHostLabel
  }
}

extension AWSClient {
  /// The head of the response for `url`, by HEAD, or by GET if the server knows no HEAD.
  fileprivate func head(_ url: URLText) throws(AWSError) -> HTTPResponse {
    let response = try send(Self.request(.head, url))
    return [405, 501].contains(response.status) ? try send(Self.request(.get, url)) : response
  }

  private static func request(_ method: HTTPRequest.Method, _ url: URLText) -> HTTPRequest {
    var request = HTTPRequest(method: method, url: url)
    request.timeout = .seconds(10)
    return request
  }
}
