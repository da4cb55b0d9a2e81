import AWSServices
import FoundationEssentials
import HTTP
import Secrets
import TestSupport
import Testing

/// The part of IAM and STS that a rotation uses, for one user, in memory.
final class KeyServiceDouble: HTTPTransport {
  struct Key {
    let id: String
    var isActive = true
    var created = TestClock.start
    var isUsed = false
    /// Calls until AWS knows it.
    var delay = 0
  }

  static let arn = "arn:aws:iam::123456789012:user/team/alice"
  var keys = [Key(id: "AKIAMADEUP0000000001", isUsed: true)]
  var fault = InjectedFault.none
  /// Calls until a new key works.
  var delay = 0
  /// IAM's list does not show keys beyond the first for this many calls.
  var listDelay = 0
  private(set) var calls: [String] = []
  private var made = 1

  func send(_ request: borrowing HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let request = RecordedRequest(request)
    let action = request.parameters["Action"] ?? "?"
    let timedOut = HTTPError.timedOut(host: "iam", seconds: 30)
    switch fault.next() {
    case .killedBefore, .failing: throw timedOut
    case .killedAfter, .failingAfterwards:
      _ = answer(action, request)
      throw timedOut
    case .serverError: return response(500, Answers.error("InternalFailure"))
    case .throttled: return response(400, Answers.error("Throttling"))
    case .otherAccount where action == "GetCallerIdentity":
      return response(200, Answers.callerIdentity.replacing("123456789012", with: "999999999999"))
    case .otherAccount, nil: return answer(action, request)
    }
  }

  private func answer(_ action: String, _ request: RecordedRequest) -> HTTPResponse {
    for index in keys.indices where keys[index].delay > 0 { keys[index].delay -= 1 }
    let authorization = request.headers["authorization"] ?? ""
    let signer = authorization.split(separator: "=").dropFirst().first?.split(separator: "/").first.map(String.init)
    calls.append("\(action) by \(signer?.suffix(4) ?? "nobody")")
    guard let place = keys.firstIndex(where: { $0.id == signer && $0.isActive && $0.delay == 0 }) else {
      return response(403, Answers.error("InvalidClientTokenId"))
    }
    keys[place].isUsed = true
    return carryOut(action, request.parameters["AccessKeyId"] ?? "", request.parameters)
  }

  private func carryOut(_ action: String, _ id: String, _ parameters: [String: String]) -> HTTPResponse {
    switch action {
    case "GetCallerIdentity": return response(200, Answers.callerIdentity)
    case "ListAccessKeys": return list()
    case "CreateAccessKey": return create()
    case "GetAccessKeyLastUsed":
      let isUsed = keys.first { $0.id == id }?.isUsed ?? false
      let date = isUsed ? "<LastUsedDate>2026-11-20T08:00:00Z</LastUsedDate>" : ""
      return result(
        action,
        "<UserName>alice</UserName><AccessKeyLastUsed>\(date)<ServiceName>s3</ServiceName><Region>us-east-1</Region></AccessKeyLastUsed>"
      )
    case "UpdateAccessKey", "DeleteAccessKey":
      guard let place = keys.firstIndex(where: { $0.id == id }) else {
        return response(404, Answers.error("NoSuchEntity"))
      }
      if action == "DeleteAccessKey" {
        keys.remove(at: place)
      } else {
        keys[place].isActive = parameters["Status"] == "Active"
      }
      return result(action, "")
    default:
      Issue.record("unexpected: \(action)")
      return response(400, Answers.error("InvalidAction"))
    }
  }

  private func create() -> HTTPResponse {
    guard keys.count < 2 else { return response(409, Answers.error("LimitExceeded")) }
    made += 1
    let id = "AKIAMADEUP000000000\(made)"
    keys.append(Key(id: id, delay: delay))
    return result(
      "CreateAccessKey",
      "<AccessKey><UserName>alice</UserName><AccessKeyId>\(id)</AccessKeyId><Status>Active</Status><SecretAccessKey>made/up+\(made)</SecretAccessKey></AccessKey>"
    )
  }

  private func list() -> HTTPResponse {
    listDelay -= 1
    let members = keys.prefix(listDelay >= 0 ? 1 : 2).map {
      "<member><UserName>alice</UserName><AccessKeyId>\($0.id)</AccessKeyId><Status>\($0.isActive ? "Active" : "Inactive")</Status><CreateDate>\($0.created.ISO8601Format())</CreateDate></member>"
    }
    return result(
      "ListAccessKeys", "<AccessKeyMetadata>\(members.joined())</AccessKeyMetadata><IsTruncated>false</IsTruncated>")
  }

  private func result(_ action: String, _ body: String) -> HTTPResponse {
    response(200, "<\(action)Response><\(action)Result>\(body)</\(action)Result></\(action)Response>")
  }

  private func response(_ status: Int, _ body: String) -> HTTPResponse {
    HTTPResponse(status: status, headers: ["content-type": "text/xml"], body: SecretBytes(copying: body))
  }
}
