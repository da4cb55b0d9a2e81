extension World {
  /// What comes instead of carrying the call out; nil for a fault that leaves it to be carried out.
  func reply(to request: WireRequest, with fault: Fault, for service: Service) -> Reply? {
    switch fault {
    case .pass, .closeAfterActing, .cut, .wrongDate, .delay: nil
    case .hang: .hang
    case .close: .close
    case .throttle: failure(.throttled(by: service), of: service)
    case .serverError: failure(.internalError(of: service), of: service)
    case .unavailable: failure(.unavailable(service), of: service)
    case .busy: failure(.busy, of: service)
    case .refuse(let status, let code, let message): failure(Refusal(status, code, message), of: service)
    case .garbage:
      other(WireResponse(200, type: "text/html", "<!DOCTYPE html><html><body>Please log in<br></body></html>"))
    case .huge(let bytes): other(Self.huge(bytes))
    case .redirect: other(WireResponse(307, type: "text/html", "", headers: [("Location", "/elsewhere")]))
    case .answer(let status, let type, let body): other(WireResponse(status, type: type, body))
    }
  }

  private func failure(_ refusal: Refusal, of service: Service) -> Reply { other(.refusal(refusal, for: service)) }

  private func other(_ response: WireResponse) -> Reply { .answer(dated(response, ahead: 0)) }

  private static func huge(_ bytes: Int) -> WireResponse {
    WireResponse(200, type: "text/xml", "<Huge>" + String(repeating: "x", count: max(0, bytes - 13)) + "</Huge>")
  }
}
