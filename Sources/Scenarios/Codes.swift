package import AWSServices
package import AWSValues
internal import FoundationEssentials

/// Codes computed from the seed itself, each once its half minute has come.
package final class AutomaticCodes: ScenarioCodes {
  private let client: AWSClient
  private let time: InterruptibleClock
  private let tell: (ScenarioEvent) -> Void
  private var lastSpent = TimeStep(number: 0)

  /// `client` knows how far AWS's clock is off.
  package init(_ client: AWSClient, time: InterruptibleClock, tell: @escaping (ScenarioEvent) -> Void) {
    self.client = client
    self.time = time
    self.tell = tell
  }

  /// The codes of the last half minute and of this one, so that there is no wait.
  package func pair(
    of device: MFADevice, _ seed: borrowing MFASeed, after refusal: ServiceError?
  ) throws -> ConsecutiveCodes {
    let second = try unspentStep(after: 1)
    lastSpent = second
    let first = try Self.code(of: TimeStep(number: second.number - 1), seed, device)
    let codes = ConsecutiveCodes(first, try Self.code(of: second, seed, device))
    // One code in a million equals the one before it; the next pair differs.
    guard let codes else { return try pair(of: device, seed, after: refusal) }
    return codes
  }

  package func code(of device: MFADevice, _ seed: borrowing MFASeed, after refusal: ServiceError?) throws -> MFACode {
    lastSpent = try unspentStep(after: 0)
    return try Self.code(of: lastSpent, seed, device)
  }

  /// The current step, as soon as it is more than `distance` after the last one used.
  private func unspentStep(after distance: Int) throws -> TimeStep {
    var step = TimeStep(at: now)
    while step.number <= lastSpent.number + distance {
      let end = TimeStep(number: lastSpent.number + distance).end
      tell(.waitingForCode(until: end.addingTimeInterval(-client.clockOffset)))
      try time.wait(.seconds(min(1, max(0.05, end.timeIntervalSince(now)))))
      step = TimeStep(at: now)
    }
    tell(.codeCame)
    return step
  }

  /// AWS's time, by which it checks codes.
  private var now: Date { time.now().addingTimeInterval(client.clockOffset) }

  private static func code(
    of step: TimeStep, _ seed: borrowing MFASeed, _ device: MFADevice
  ) throws -> MFACode {
    guard let code = MFACode(try seed.code(of: step), of: device) else {
      throw ScenarioError.codesRefused(tries: 0, nil)
    }
    return code
  }
}

/// Where a run gets the codes of its device; no code comes twice.
///
/// `refusal` is AWS's answer to the codes before, if there were any.
package protocol ScenarioCodes: AnyObject {
  /// Two consecutive codes, which assign the device to the user.
  func pair(of device: MFADevice, _ seed: borrowing MFASeed, after refusal: ServiceError?) throws -> ConsecutiveCodes
  /// The next code.
  func code(of device: MFADevice, _ seed: borrowing MFASeed, after refusal: ServiceError?) throws -> MFACode
}
