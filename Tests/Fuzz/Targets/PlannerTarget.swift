import AWSValues

@testable import Profiles

/// Plans every profile of a random graph, and compares with a slow planner.
enum PlannerTarget {
  static func check(_ input: [UInt8]) throws {
    var input = FuzzInput(input)
    let skipsSession = input.flag()
    let duration = input.choice([nil, nil, nil, 900, 7200, 43200, 86400, 1])
    let graph = ProfileGraph(&input)
    let reference = ReferencePlanner(graph: graph, skipsSession: skipsSession, duration: duration)
    let options = PlanOptions(
      defaultSessionName: RoleSessionName(user: "al", host: "box"), duration: duration.map(SessionDuration.init),
      sessions: skipsSession ? .skipped : .used)
    let planner = CredentialPlanner(
      profiles: try profiles(of: graph), environment: [:], options: options, partition: { _ in "aws" })
    for name in ProfileGraph.names { try compare(planner, reference, name) }
  }

  private static func profiles(of graph: ProfileGraph) throws -> ProfileSet {
    let (config, credentials) = graph.files
    return ProfileSet(
      config: try ConfigDocument(parsing: Array(config.utf8), file: "config", as: .config),
      credentials: try ConfigDocument(parsing: Array(credentials.utf8), file: "credentials", as: .credentials))
  }

  private static func compare(_ planner: CredentialPlanner, _ reference: ReferencePlanner, _ name: String) throws {
    let expected = Result { () throws(ReferencePlanner.Refusal) in try reference.plan(for: name) }
    let found = Result { () throws(ReferencePlanner.Refusal) in try words(of: planner, name) }
    let shown = Planted.bug(in: found, when: found.isLong, .success([]))
    try demand(shown == expected, "\(name): \(found) should be \(expected) in \(reference.graph.files)")
  }

  private static func words(of planner: CredentialPlanner, _ name: String) throws(ReferencePlanner.Refusal) -> [String]
  {
    do throws(PlanError) {
      let plan = try planner.plan(for: name)
      return ["key " + plan.keyProfile] + plan.steps.map(words)
    } catch {
      throw refusal(error)
    }
  }

  private static func words(_ step: CredentialPlan.Step) -> String {
    switch step {
    case .sessionToken(let step): "session \(step.duration.seconds)" + words(step.device)
    case .assumeRole(let step): "role \(step.role.name) \(step.duration.seconds)" + words(step.device)
    }
  }

  private static func words(_ device: MFADevice?) -> String { device.map { " " + $0.text.suffix(1) } ?? "" }

  private static func refusal(_ error: PlanError) -> ReferencePlanner.Refusal {
    switch error {
    case .unknownProfile, .unknownReference, .unknownServices: .unknown
    case .loop: .loop
    case .roleWithoutSource: .noSource
    case .conflict: .conflict
    case .partialKey: .partialKey
    case .unsupported: .unsupported
    case .invalidValue, .otherPartition: .invalid
    case .durationOutOfRange: .duration
    }
  }
}

extension Result where Success == [String], Failure == ReferencePlanner.Refusal {
  fileprivate var isLong: Bool {
    switch self {
    case .failure: false
    case .success(let plan): plan.count > 4
    }
  }
}
