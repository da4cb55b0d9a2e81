import AWSDouble
import AWSServices
import AWSValues
import Foundation
import HTTP
import OneTimeCodes
import Secrets
import TestSupport

/// A double whose IAM is seen three calls late, and our client, as admin there.
final class Stage: Sendable {
  let aws: AWSDouble

  init() throws {
    aws = try AWSDouble.start()
    aws.propagation = Propagation(calls: 3)
  }

  deinit {
    do { try aws.stop() } catch { print(error) }
  }

  var client: AWSClient {
    let endpoints = Dictionary(uniqueKeysWithValues: Connection.Service.allCases.map { ($0, aws.url) })
    return AWSClient(
      connection: Connection(region: "us-east-1", endpoints: endpoints),
      transport: CurlTransport(userAgent: "daypass/test"),
      surroundings: Surroundings(now: { Date() }, random: { 0 }, pause: { _ in }))
  }

  var iam: IAM { IAM(client) }

  func admin() -> Credentials {
    Credentials(
      accessKeyID: "AKIAADMINMADEUPEXAMP",
      secretAccessKey: SecretBytes(copying: "adminK7MDENG/bPxRfiCYmadeup+EXAMPLEKEY00"))
  }

  func made<Value: RestrictedText>(_ text: String, as: Value.Type = Value.self) throws -> Value {
    guard let value = Value(text) else { throw SetupFailure("\(text) is no \(Value.self)") }
    return value
  }

  /// What AWS says to `call`: nil where it is carried out.
  func refusal(of call: () throws -> Void) throws -> ServiceError.Meaning? {
    do {
      try call()
      return nil
    } catch AWSError.service(let refusal) {
      return refusal.meaning
    }
  }

  /// Whether AWS carries `call` out after it refused it as given, since it did not see yet what was made.
  func isCarriedOutLate(after expected: ServiceError.Meaning, _ call: () throws -> Void) throws -> Bool {
    for attempt in 0..<5 {
      guard let refusal = try refusal(of: call) else { return attempt > 0 }
      guard refusal == expected else { return false }
    }
    return false
  }

  /// A device of the user's, whose codes up to this half minute's are spent.
  func device(of user: UserName) throws -> NewVirtualMFADevice {
    let new = try iam.createVirtualMFADevice(named: made(user.text), signedBy: admin())
    let now = TimeStep(at: Date())
    guard let codes = ConsecutiveCodes(try code(of: TimeStep(number: now.number - 1), new), try code(of: now, new))
    else {
      throw SetupFailure("no two codes")
    }
    try iam.enableMFADevice(with: codes, forUser: user, signedBy: admin())
    return new
  }

  func code(of step: TimeStep, _ device: borrowing NewVirtualMFADevice) throws -> MFACode {
    guard let code = MFACode(try device.seed.code(of: step), of: device.device) else { throw SetupFailure("no code") }
    return code
  }
}
