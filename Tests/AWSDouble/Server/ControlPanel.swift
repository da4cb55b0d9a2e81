import FoundationEssentials

/// Tells requests to the control API, `/_double/…`, from calls of AWS, and answers them.
struct ControlPanel: Sendable {
  static let prefix = "/_double/"
  let world: SharedWorld

  func reply(to request: WireRequest) -> Reply {
    guard request.path.hasPrefix(Self.prefix) else { return world.reply(to: request) }
    do {
      return try control(request)
    } catch {
      return .answer(WireResponse(400, type: "text/plain", "aws-double: \(error)\n"))
    }
  }

  private func control(_ request: WireRequest) throws -> Reply {
    switch "\(request.method) \(request.path.dropFirst(Self.prefix.count))" {
    case "GET calls": return try json(world.withLock { $0.calls })
    case "DELETE calls": return done { $0.calls = [] }
    case "GET state": return try json(world.withLock { StateSummary($0) })
    case "POST state": return try replaceAccount(request)
    case "POST faults": return try addFaults(request)
    case "DELETE faults": return done { $0.faults.clear() }
    case "POST clock": return try setClock(request)
    case "POST propagation": return try setPropagation(request)
    case "POST release":
      world.release()
      return done { _ in }
    case "GET code": return try code(request)
    default: return .answer(WireResponse(404, type: "text/plain", "aws-double: no such control\n"))
    }
  }

  func done(_ change: @Sendable (inout World) -> Void) -> Reply {
    world.withLock { change(&$0) }
    return .answer(WireResponse(204, type: "text/plain", ""))
  }

  private func json(_ value: some Encodable) throws -> Reply {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    return .answer(WireResponse(200, type: "application/json", text + "\n"))
  }
}
