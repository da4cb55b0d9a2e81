internal import AWSValues
internal import FoundationEssentials
internal import HTTP
internal import Secrets

/// The document with which AWS responded to a call; what is read from it is checked.
///
/// Paths begin below the root and have names separated by `/`.
struct AWSResponse: ~Copyable {
  let call: String
  /// Bytes of the body.
  let size: Int
  private let document: SecretDocument

  /// - Throws: an error unless `response` is the one that `call` expects.
  init(_ response: consuming HTTPResponse, to call: borrowing AWSCall, receivedAt now: Date) throws(AWSError) {
    switch call.format {
    case .xml(let root): document = try Self.xml(response, to: call, root: root, receivedAt: now)
    case .json: document = try Self.json(response, to: call, receivedAt: now)
    }
    self.call = call.action
    self.size = response.body.count
  }

  private static func xml(
    _ response: borrowing HTTPResponse, to call: borrowing AWSCall, root: String, receivedAt now: Date
  ) throws(AWSError) -> SecretDocument {
    let document: SecretDocument
    do {
      document = try SecretDocument(xml: response.body)
    } catch {
      switch error {
      case .libraryMissing(let library): throw .libraryMissing(library)
      case .notWellFormed(let root): throw unexpected(response, root: root, call: call.action)
      case .tooLarge: throw .malformed(call: call.action, element: root)
      }
    }
    let name = document.name(of: SecretDocument.root)
    guard response.isSuccess, name == root else {
      let refusal = ServiceError(xml: document, of: response, receivedAt: now)
      throw refusal.map { .service($0) } ?? unexpected(response, root: name, call: call.action)
    }
    return document
  }

  // What begins like an answer of AWS may hold credentials, so none of it goes into the error.
  private static func unexpected(_ response: borrowing HTTPResponse, root: String?, call: String) -> AWSError {
    if let root, root.hasSuffix("Response") || root.hasSuffix("Result") {
      return .malformed(call: call, element: root.displayText(limit: 100))
    }
    return .notAWS(UnrecognizedResponse(response))
  }

  private static func json(
    _ response: borrowing HTTPResponse, to call: borrowing AWSCall, receivedAt now: Date
  ) throws(AWSError) -> SecretDocument {
    let document: SecretDocument
    do {
      document = try SecretDocument(json: response.body.isEmpty ? SecretBytes(copying: "{}") : response.body.clone())
    } catch {
      throw response.isObject
        ? .malformed(call: call.action, element: "JSON") : .notAWS(UnrecognizedResponse(response))
    }
    guard response.isSuccess else {
      let refusal = ServiceError(json: document, of: response, receivedAt: now)
      throw refusal.map { .service($0) } ?? .notAWS(UnrecognizedResponse(response))
    }
    return document
  }
}

extension HTTPResponse {
  var isSuccess: Bool { (200..<300).contains(status) }
}

// MARK: - Values

extension AWSResponse {
  typealias Place = SecretDocument.Place

  /// The one element at `path`.
  func element(_ path: String, in place: Place = SecretDocument.root) throws(AWSError) -> Place {
    let found = elements(path, in: place)
    guard let element = found.first, found.count == 1 else { throw malformed(path) }
    return element
  }

  /// The one element of that name right in the result of a call of the Query protocol.
  func result(_ name: String) throws(AWSError) -> Place { try element("\(call)Result/\(name)") }

  /// All elements at `path`.
  func elements(_ path: String, in place: Place = SecretDocument.root) -> [Place] {
    document.elements(at: path, in: place)
  }

  /// The members of the JSON list at `path`, which is there even if it is empty.
  func list(_ path: String) throws(AWSError) -> [Place] {
    guard try document.kind(of: element(path)) == .array else { throw malformed(path) }
    return elements(path + "/member")
  }

  /// The text at `path`, which is there once, is not empty and has no control characters.
  func text(_ path: String, in place: Place = SecretDocument.root) throws(AWSError) -> String {
    try text(at: element(path, in: place), path)
  }

  func text(at place: Place, _ name: String) throws(AWSError) -> String {
    let text = document.text(at: place)
    guard !text.isEmpty, text.unicodeScalars.allSatisfy(\.isDisplayable) else { throw malformed(name) }
    return text
  }

  /// As `text`, but nil if the element is missing or empty.
  func optionalText(_ path: String, in place: Place = SecretDocument.root) throws(AWSError) -> String? {
    guard let first = elements(path, in: place).first, !document.text(at: first).isEmpty else { return nil }
    return try text(path, in: place)
  }

  /// The text at `path` as a value with rules of its own; `malformed` is thrown if it breaks them.
  func value<Value: RestrictedText>(_ path: String, in place: Place = SecretDocument.root) throws(AWSError) -> Value {
    guard let value = Value(try text(path, in: place)) else { throw malformed(path) }
    return value
  }

  func date(_ path: String, in place: Place = SecretDocument.root) throws(AWSError) -> Date {
    guard let date = Date(timestamp: try text(path, in: place)) else { throw malformed(path) }
    return date
  }

  func optionalDate(_ path: String, in place: Place = SecretDocument.root) throws(AWSError) -> Date? {
    try optionalText(path, in: place) == nil ? nil : date(path, in: place)
  }

  /// As `date`, from milliseconds since 1970.
  func dateInMilliseconds(_ path: String, in place: Place = SecretDocument.root) throws(AWSError) -> Date {
    guard let number = Double(try text(path, in: place)), (0..<253_402_300_800_000).contains(number) else {
      throw malformed(path)
    }
    return Date(timeIntervalSince1970: (number / 1000).rounded(.down))
  }

  /// A number of seconds, up to ten years.
  func seconds(_ path: String, in place: Place = SecretDocument.root) throws(AWSError) -> Int {
    guard let number = Int(try text(path, in: place)), (0...315_360_000).contains(number) else { throw malformed(path) }
    return number
  }

  func optionalSecret(_ path: String, in place: Place = SecretDocument.root) throws(AWSError) -> SecretBytes? {
    guard let first = elements(path, in: place).first, !document.secret(at: first).isEmpty else { return nil }
    return try secret(path, in: place)
  }

  /// A secret of visible ASCII, which may go into a header, an environment variable and JSON.
  func secret(_ path: String, in place: Place = SecretDocument.root) throws(AWSError) -> SecretBytes {
    let secret = document.secret(at: try element(path, in: place))
    guard !secret.isEmpty, secret.isVisibleASCII else { throw malformed(path) }
    return secret
  }

  func malformed(_ element: String) -> AWSError { .malformed(call: call, element: element) }
}

// MARK: - Lists

extension AWSClient {
  /// The items of all pages of a list: `call` asks for the page at a marker, nil for the first, and `read` takes the
  /// items and the next marker from it.
  func list<Item>(
    signedBy credentials: borrowing Credentials, _ call: (_ marker: String?) -> AWSCall,
    read: (borrowing AWSResponse) throws(AWSError) -> (items: [Item], next: String?)
  ) throws(AWSError) -> [Item] {
    try list(
      call,
      respond: { (call, end) throws(AWSError) in try response(to: call, signedBy: credentials, until: end) },
      read: read)
  }

  /// The same for calls whose caller is known in another way: `respond` sends the call, no longer than until its second
  /// argument.
  func list<Item>(
    _ call: (_ marker: String?) -> AWSCall,
    respond: (borrowing AWSCall, ContinuousClock.Instant) throws(AWSError) -> AWSResponse,
    read: (borrowing AWSResponse) throws(AWSError) -> (items: [Item], next: String?)
  ) throws(AWSError) -> [Item] {
    let end = instant + Self.listTime
    var items: [Item] = []
    var (marker, pages, size): (String?, Int, Int) = (nil, 0, 0)
    repeat {
      let page = try respond(call(marker), end)
      let (found, next) = try read(page)
      items += found
      (pages, size) = (pages + 1, size + page.size)
      if let next {
        guard next != marker else { throw page.malformed("next page") }
        guard pages < Self.mostPages, size <= Self.largestList, instant < end else {
          throw .listTooLong(call: page.call)
        }
      }
      marker = next
    } while marker != nil
    return items
  }

  // An account can have 5000 users and 5000 roles, of which IAM may give short pages, and a million buckets.
  private static let mostPages = 1000
  /// In bytes, of all pages together.
  private static let largestList = 32 << 20
  private static let listTime = Duration.seconds(60)
}
