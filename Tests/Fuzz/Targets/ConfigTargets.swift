import AWSValues

@testable import Profiles

/// Reads the input as each of the two files, and compares with a slow reader of the same grammar.
enum ConfigTarget {
  static func check(_ input: [UInt8]) throws {
    let config = try read(input, as: .config)
    let credentials = try read(input, as: .credentials)
    guard let config, let credentials else { return }
    let profiles = ProfileSet(config: config, credentials: credentials)
    for name in profiles.names {
      guard let profile = profiles.profile(named: name) else { throw Violation("\(name) is listed, but not found") }
      _ = Setting.allCases.map { profile[$0] }
      _ = profiles.names(near: name + "x")
      _ = profiles.services(named: name)?.subProperty("endpoint_url", of: "sts")
    }
  }

  private static func read(_ input: [UInt8], as kind: ConfigDocument.Kind) throws -> ConfigDocument? {
    let reference = ReferenceConfig(input, isConfig: kind == .config)
    guard let document = document(input, kind) else {
      try demand(reference == nil, "a well-formed file was refused")
      return nil
    }
    guard let reference else { throw Violation("a malformed file was read") }
    let found = document.everything
    let isLong = found.values.contains { $0.values.contains { $0.utf8.count { $0 == 0x0a } > 2 } }
    let values = Planted.bug(in: found, when: isLong, [:])
    try demand(values == reference.sections, "\(values) should be \(reference.sections)")
    return document
  }

  private static func document(_ input: [UInt8], _ kind: ConfigDocument.Kind) -> ConfigDocument? {
    try? ConfigDocument(parsing: input, file: "file", as: kind)
  }
}

// MARK: - Editor target

/// Sets a property in a config file, and compares with what a slow reader finds there before and after.
///
/// The input is the choice of a setting, a line with the profile, a line with the value, and the file.
enum EditorTarget {
  static func check(_ input: [UInt8]) throws {
    var input = FuzzInput(input)
    let setting = input.choice(Setting.allCases)
    let (profile, value) = (input.text(), input.text())
    let before = input.remainder()
    guard let editor = try? ConfigEditor(before, file: "config"),
      let after = changed(editor, setting, to: value, in: profile)
    else { return }
    try compare(before, after, setting, value, profile)
    try demand(losesValueOnly(before, after), "a byte was lost that is no value of \(setting.rawValue)")
    guard let again = try? ConfigEditor(after, file: "config") else { throw Violation("the result is malformed") }
    try demand(changed(again, setting, to: value, in: profile) == after, "the same change made another file")
  }

  private static func changed(
    _ editor: ConfigEditor, _ setting: Setting, to value: String, in profile: String
  ) -> [UInt8]? {
    var editor = editor
    do { try editor.setProperty(setting, to: value, in: profile) } catch { return nil }
    let isRare = value.contains("#")
    return Planted.bug(in: editor.bytes, when: isRare, editor.bytes + Array("\n[profile \(profile)]\nca_bundle=x".utf8))
  }

  private static func compare(
    _ before: [UInt8], _ after: [UInt8], _ setting: Setting, _ value: String, _ profile: String
  ) throws {
    guard var expected = ReferenceConfig(before, isConfig: true)?.sections,
      let found = ReferenceConfig(after, isConfig: true)?.sections
    else { throw Violation("the editor took or made a malformed file") }
    let isPlain = profile == "default" && expected["profile default"] == nil
    expected[isPlain ? "default" : "profile " + profile, default: [:]][setting.rawValue] = value
    try demand(found == expected, "\(found) should be \(expected)")
  }

  /// Whether the files differ in one place only, where at most the value of one property went.
  private static func losesValueOnly(_ before: [UInt8], _ after: [UInt8]) -> Bool {
    let start = zip(before, after).prefix { $0 == $1 }.count
    let end = zip(before.reversed(), after.reversed()).prefix { $0 == $1 }.count
    let lost = before[start..<max(start, before.count - end)]
    // Beyond a property's first line its value has indented lines, with empty ones and comments between them.
    let ownStarts: [UInt8?] = [0x20, 0x09, 0x0d, UInt8(ascii: "#"), UInt8(ascii: ";")]
    return lost.split(separator: 0x0a).dropFirst().allSatisfy { ownStarts.contains($0.first) }
  }
}

// MARK: - Planner target

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
      profiles: try profiles(of: graph), environment: [:], options: options)
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
      return [plan.source.name.kind.rawValue + " " + plan.source.name.name] + plan.steps.map(words)
    } catch {
      throw refusal(error)
    }
  }

  private static func words(_ step: CredentialPlan.Step) -> String {
    switch step {
    case .sessionToken(let step): "session \(step.duration.seconds)" + words(step.device)
    case .federationToken(let step): "federation \(step.duration.seconds)"
    case .assumeRole(let step): "role \(step.role.name) \(step.duration.seconds)" + words(step.device)
    }
  }

  private static func words(_ device: MFADevice?) -> String { device.map { " " + $0.text.suffix(1) } ?? "" }

  private static func refusal(_ error: PlanError) -> ReferencePlanner.Refusal {
    switch error {
    case .unknownProfile, .quotedProfile, .bareName: .unknown
    case .reference(let fault, _): refusal(fault)
    case .roleWithoutSource: .noSource
    case .conflict: .conflict
    case .partialKey: .partialKey
    case .unsupported, .keyNotUsed, .missing, .tokenOnly, .noKeyUsed, .scope: .unsupported
    case .unusableCommand, .missingVariable, .disabled, .invalidValue, .otherPartition, .deviceWithoutKey: .invalid
    case .durationOutOfRange, .durationOfSource: .duration
    }
  }

  private static func refusal(_ fault: ReferenceFault) -> ReferencePlanner.Refusal {
    switch fault {
    case .unknownProfile, .unknownServices: .unknown
    case .loop, .tooLong, .programLoop, .programsTooDeep: .loop
    case .unknownSSOSession: .unsupported
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
