extension Fault {
  /// The name in the control API and in recorded calls.
  var name: String {
    switch self {
    case .pass: "pass"
    case .throttle: "throttle"
    case .serverError: "server-error"
    case .unavailable: "unavailable"
    case .busy: "busy"
    case .hang: "hang"
    case .close: "close"
    case .garbage: "garbage"
    case .huge: "huge"
    case .redirect: "redirect"
    case .refuse: "refuse"
    case .answer: "answer"
    case .closeAfterActing: "close-after-acting"
    case .cut: "cut"
    case .wrongDate: "wrong-date"
    case .delay: "delay"
    }
  }
}
