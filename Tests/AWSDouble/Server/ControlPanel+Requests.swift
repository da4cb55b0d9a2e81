import FoundationEssentials

extension ControlPanel {
  func replaceAccount(_ request: WireRequest) throws -> Reply {
    let account = try Account(json: Data(request.body))
    return done { $0.account = account }
  }

  func addFaults(_ request: WireRequest) throws -> Reply {
    let rules = try JSONDecoder().decode([FaultRule].self, from: Data(request.body))
    return done { world in
      for rule in rules { world.faults.add(rule) }
    }
  }

  func setClock(_ request: WireRequest) throws -> Reply {
    let change = try ClockChange(json: Data(request.body))
    return done { $0.clock = change.applied(to: $0.clock) }
  }

  func setPropagation(_ request: WireRequest) throws -> Reply {
    let propagation = try JSONDecoder().decode(Propagation.self, from: Data(request.body))
    return done { $0.propagation = propagation }
  }

  /// Answers when there is a code to give: at once, or as soon as a new step begins.
  func code(_ request: WireRequest) throws -> Reply {
    let serial = try Parameters(form: request.query)["serial"] ?? ""
    return world.withLock { world in
      guard let device = world.account.device(serial) else {
        return .answer(WireResponse(404, type: "text/plain", "aws-double: no such device\n"))
      }
      if let code = world.codes.unusedCode(of: device, at: world.now) {
        return .answer(WireResponse(200, type: "text/plain", code + "\n"))
      }
      return .later(seconds: 1)
    }
  }
}
