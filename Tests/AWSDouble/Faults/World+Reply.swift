import FoundationEssentials

extension World {
  /// Answers one request, records it, and lets a scripted fault have its way.
  mutating func reply(to request: WireRequest) -> Reply {
    callCount += 1
    let operation = Result { () throws(Refusal) in try Operation(request) }
    var call = record(of: request, operation)
    let action = Action(rawValue: call.action)
    let fault = faults.next(for: action)
    call.fault = fault?.name
    defer { calls.append(call) }
    if let instead = fault.flatMap({ reply(to: request, with: $0, for: call.service) }) { return instead }
    let response = answer(to: request, operation, outcome: &call.outcome)
    return dated(response, with: fault)
  }

  private mutating func answer(
    to request: WireRequest, _ operation: Result<Operation, Refusal>, outcome: inout String
  ) -> WireResponse {
    do throws(Refusal) {
      let operation = try operation.get()
      let elements = try perform(operation, of: request)
      outcome = "ok"
      return .result(of: operation.action, elements)
    } catch {
      outcome = error.code
      return .refusal(error, for: Service(of: request, operation))
    }
  }

  /// The answer with its `Date`, damaged where a fault wants that.
  private func dated(_ response: WireResponse, with fault: Fault?) -> Reply {
    switch fault {
    case .cut: .cut(dated(response, ahead: 0))
    case .delay: .held(dated(response, ahead: 0))
    case .closeAfterActing: .close
    case .wrongDate(let seconds): .answer(dated(response, ahead: seconds))
    case nil, .pass, .throttle, .serverError, .unavailable, .busy, .hang, .close, .garbage, .huge, .redirect, .refuse,
      .answer:
      .answer(dated(response, ahead: 0))
    }
  }

  func dated(_ response: WireResponse, ahead seconds: Int) -> WireResponse {
    var response = response
    response.headers.append(("Date", Timestamp.http(now + Double(seconds))))
    return response
  }
}
