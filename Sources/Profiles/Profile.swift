/// A profile, as both files together describe it.
package struct Profile: Sendable {
  package let name: String
  /// Its own settings, then those of the profiles that it includes, the nearest first.
  private var sections: [(profile: String, settings: MergedSection)]
  /// Why an `include_profile` on the way leads nowhere.
  private(set) var includeError: PlanError?

  fileprivate init(name: String, section: MergedSection) {
    self.name = name
    sections = [(name, section)]
  }

  /// A setting; one without a value counts as absent.
  package subscript(setting: Setting) -> Property? {
    for (owner, section) in sections {
      guard let property = section.property(setting.rawValue), !property.value.isEmpty else { continue }
      if owner == name || !setting.tellsKey(of: owner, by: property.value) { return property }
    }
    return nil
  }

  /// The setting's value and where it was read.
  func value(of setting: Setting) -> SettingValue? {
    self[setting].map { SettingValue(text: $0.value, origin: .property(setting, profile: name, at: $0.location)) }
  }

  /// The keys of all that count as its settings, and where they stand, in the order of their keys.
  var propertyLocations: [(key: String, location: SourceLocation)] {
    var found: [String: SourceLocation] = [:]
    for (_, section) in sections {
      for key in section.keys where found[key] == nil { found[key] = section.property(key)?.location }
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Any property of its own, by its key; the value of one with sub-properties starts with a line feed.
  package func property(_ key: String) -> Property? { sections[0].settings.property(key) }
}

extension Setting {
  /// Whether it is, or leads to, the key of `owner`, which is never the key of a profile that includes it.
  fileprivate func tellsKey(of owner: String, by value: String) -> Bool {
    if self == .accessKeyID || self == .secretAccessKey { return true }
    guard self == .credentialProcess, let call = SelfCredentialProcess(value) else { return false }
    return call.profile == nil || call.profile == owner
  }
}

// MARK: - Plain text key

/// A long-term key in plain text in one of the files, or half in each.
package struct PlainTextKey: Equatable, Sendable {
  package let profile: String
  package let accessKeyID: Property
  package let secretAccessKey: Property
}

extension Profile {
  /// The key that AWS's SDKs would read; nil if there is none or half of one, or if it is temporary.
  package var plainTextKey: PlainTextKey? {
    guard !hasTemporaryCredentials, let id = self[.accessKeyID], let secret = self[.secretAccessKey] else { return nil }
    return PlainTextKey(profile: name, accessKeyID: id, secretAccessKey: secret)
  }

  /// Whether credentials that expire are in the files, as tools for single sign-on write them.
  package var hasTemporaryCredentials: Bool {
    guard let id = self[.accessKeyID]?.value else { return false }
    if id.hasPrefix("ASIA") || property("x_security_token_expires") != nil { return true }
    // A token beside a long-term key is what is left of other credentials.
    return !id.hasPrefix("AKIA") && ["aws_session_token", "aws_security_token"].contains { property($0) != nil }
  }
}

// MARK: - Origin

/// Where a value comes from, for messages.
package enum Origin: Equatable, Sendable {
  /// An option of the command line: `--region`.
  case option(String)
  case variable(String)
  case property(Setting, profile: String, at: SourceLocation)
  /// A section other than a profile's, by what its header says: `sso-session corp`.
  case section(String, at: SourceLocation)
  case sectionProperty(Setting, section: String, at: SourceLocation)
}

extension Profile {
  /// Where the first of `settings` that the profile has stands.
  func firstOrigin(of settings: [Setting]) -> Origin? { settings.lazy.compactMap { value(of: $0)?.origin }.first }

  /// Refuses another source beside `login_session`, as `aws login` does: some programs would take the one, some the other.
  package func refuseSourcesBesideLogin() throws(PlanError) {
    let others: [Setting] = [
      .webIdentityTokenFile, .ssoSession, .ssoRoleName, .ssoAccountID, .accessKeyID, .credentialProcess,
    ]
    guard self[.loginSession] != nil, let origin = firstOrigin(of: others) else { return }
    throw .conflict(origin, with: .loginSession)
  }
}

// MARK: - Key

/// Keys in plain text.
extension Profile {
  /// Whether a file holds a key of this profile, or half of one.
  var holdsKeyInFile: Bool {
    self[.accessKeyID] != nil || self[.secretAccessKey] != nil
  }

  /// This profile's key: the keyring's, even if a file holds one as well. Throws for half a key in a file.
  func longTermKey() throws(PlanError) -> CredentialPlan.LongTermKey {
    switch (value(of: .accessKeyID)?.origin, value(of: .secretAccessKey)?.origin) {
    case (nil, nil), (.some, .some):
      return CredentialPlan.LongTermKey(profile: name, plainText: plainTextKey?.accessKeyID.location)
    case (let id?, nil): throw .partialKey(missing: .secretAccessKey, present: id)
    case (nil, let secret?): throw .partialKey(missing: .accessKeyID, present: secret)
    }
  }
}

// MARK: - Profile set

/// The profiles of the config and the credentials file. None is interpreted before it is asked for.
package struct ProfileSet: Sendable {
  private let config: ConfigDocument
  private let credentials: ConfigDocument

  package init(config: ConfigDocument, credentials: ConfigDocument) {
    self.config = config
    self.credentials = credentials
  }

  /// The profile `name`; nil if neither file has it.
  package func profile(named name: String) -> Profile? {
    guard let section = section(ofProfile: name) else { return nil }
    var profile = Profile(name: name, section: section)
    profile.include(from: self)
    return profile
  }

  fileprivate func section(ofProfile name: String) -> MergedSection? {
    MergedSection(of: [config.sections(.profile, named: name), credentials.sections(.profile, named: name)])
  }

  /// A header such as `[profile "name"]`, which the AWS CLI reads and the SDKs do not.
  func quotedHeader(of name: String) -> SourceLocation? {
    config.quotedHeader(of: name) ?? credentials.quotedHeader(of: name)
  }

  /// All of these, with the names that they spell.
  package var quotedHeaders: [(name: String, location: SourceLocation)] {
    config.quotedHeaders + credentials.quotedHeaders
  }

  /// Where headers such as `[name]` stand in the config file that were meant as `[profile name]`.
  package var bareNames: [(name: String, location: SourceLocation)] { config.bareNames }

  /// The names of headers that only some programs read, or none.
  package var unusableNames: [String] { (quotedHeaders + bareNames).map(\.name) }

  /// Where a section, or a setting within a section, is repeated.
  package var repetitions: [SourceLocation] { config.repetitions + credentials.repetitions }

  /// The names of all profiles, each once, sorted.
  package var names: [String] {
    Set(config.profileNames + credentials.profileNames).sorted()
  }

  /// The section `[sso-session name]`; nil if the config file has none.
  package func ssoSession(named name: String) -> MergedSection? {
    MergedSection(of: [config.sections(.ssoSession, named: name)])
  }

  /// The names of the sections `[sso-session NAME]`, each once, sorted.
  package var ssoSessionNames: [String] { config.ssoSessionNames }

  /// The section `[services name]`; nil if the config file has none.
  package func services(named name: String) -> MergedSection? {
    MergedSection(of: [config.sections(.services, named: name)])
  }
}

// MARK: - Included settings

extension Profile {
  /// Adds the settings of the profiles that `include_profile` names, one after the other, as aws-vault does.
  fileprivate mutating func include(from profiles: ProfileSet) {
    var passed = [name]
    while let property = sections[passed.count - 1].settings.property(Setting.includeProfile.rawValue),
      !property.value.isEmpty
    {
      let origin = Origin.property(.includeProfile, profile: passed[passed.count - 1], at: property.location)
      guard !passed.contains(property.value) else {
        includeError = .reference(.loop(passed.drop { $0 != property.value } + [property.value]), from: origin)
        return
      }
      guard let section = profiles.section(ofProfile: property.value) else {
        let others = profiles.names(near: property.value).filter { !passed.contains($0) }
        includeError = .reference(.unknownProfile(property.value, nearest: others), from: origin)
        return
      }
      sections.append((property.value, section))
      passed.append(property.value)
    }
  }
}

extension ProfileSet {
  /// At most three names that `mistyped` may stand for, the nearest first.
  package func names(near mistyped: String) -> [String] {
    NearestNames(to: mistyped).among(names)
  }

  /// The same for sections `[sso-session name]`.
  package func names(ofSSOSessionsNear mistyped: String) -> [String] {
    NearestNames(to: mistyped).among(ssoSessionNames)
  }
}

/// A property's value, and where it stands.
package struct Property: Equatable, Sendable {
  package var value: String
  package var location: SourceLocation
}

// MARK: - Setting value

/// A setting's value from a file, a variable or an option, and what it was read from.
package struct SettingValue: Equatable, Sendable {
  package let text: String
  package let origin: Origin
}

extension SettingValue {
  /// The value of a variable; an empty one counts as unset.
  init?(variable name: String, in environment: [String: String]) {
    guard let text = environment[name], !text.isEmpty else { return nil }
    self.init(text: text, origin: .variable(name))
  }

  /// The value of the variable that comes before `setting`.
  init?(variableBefore setting: Setting, in environment: [String: String]) {
    guard let name = setting.variable else { return nil }
    self.init(variable: name, in: environment)
  }

  /// What `parse` reads in the text.
  ///
  /// - Throws: `invalidValue` if that is nothing.
  func parsed<Value>(_ parse: (String) -> Value?) throws(PlanError) -> Value {
    guard let value = parse(text) else { throw .invalidValue(text, of: origin) }
    return value
  }

  func positiveNumber() throws(PlanError) -> Int { try parsed { text in Int(text).flatMap { $0 >= 1 ? $0 : nil } } }

  func require(_ isValid: (String) -> Bool) throws(PlanError) {
    guard isValid(text) else { throw .invalidValue(text, of: origin) }
  }
}

// MARK: - Setting

/// A setting of a profile that we read; the raw value is its key in the files.
/// https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
package enum Setting: String, CaseIterable, Sendable {
  case region
  case accessKeyID = "aws_access_key_id"
  case secretAccessKey = "aws_secret_access_key"

  case roleARN = "role_arn"
  case sourceProfile = "source_profile"
  case credentialSource = "credential_source"
  case roleSessionName = "role_session_name"
  case externalID = "external_id"
  case durationSeconds = "duration_seconds"
  case mfaSerial = "mfa_serial"

  case includeProfile = "include_profile"
  case parentProfile = "parent_profile"
  case mfaProcess = "mfa_process"
  case sessionTags = "session_tags"
  case transitiveSessionTags = "transitive_session_tags"
  case sourceIdentity = "source_identity"
  case webIdentityTokenProcess = "web_identity_token_process"
  case daypassScope = "daypass_scope"

  case credentialProcess = "credential_process"
  case webIdentityTokenFile = "web_identity_token_file"
  case loginSession = "login_session"
  case ssoSession = "sso_session"
  case ssoStartURL = "sso_start_url"
  case ssoRegion = "sso_region"
  case ssoRegistrationScopes = "sso_registration_scopes"
  case ssoAccountID = "sso_account_id"
  case ssoRoleName = "sso_role_name"

  case shareSSOCache = "share_sso_cache"
  case shareLoginCache = "share_login_cache"
  case awsAccountID = "aws_account_id"
  case metadataEndpoint = "ec2_metadata_service_endpoint"
  case metadataEndpointMode = "ec2_metadata_service_endpoint_mode"
  case metadataTimeout = "metadata_service_timeout"

  case services
  case endpointURL = "endpoint_url"
  case ignoreConfiguredEndpointURLs = "ignore_configured_endpoint_urls"
  case useFIPSEndpoint = "use_fips_endpoint"
  case useDualStackEndpoint = "use_dualstack_endpoint"
  case stsRegionalEndpoints = "sts_regional_endpoints"
  case caBundle = "ca_bundle"
  case maxAttempts = "max_attempts"
}

extension Setting {
  /// The variable that comes before it; nil if there is none, or several.
  package var variable: String? { Self.variables[self] }

  /// The setting that the variable `name` comes before.
  package init?(variable name: String) {
    guard let found = Self.variables.first(where: { $0.value == name }) else { return nil }
    self = found.key
  }

  private static let variables: [Setting: String] = [
    .sessionTags: "AWS_SESSION_TAGS",
    .transitiveSessionTags: "AWS_TRANSITIVE_TAGS",
    .sourceIdentity: "AWS_SOURCE_IDENTITY",
    .metadataEndpoint: "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    .metadataEndpointMode: "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    .metadataTimeout: "AWS_METADATA_SERVICE_TIMEOUT",
    .ignoreConfiguredEndpointURLs: "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    .useFIPSEndpoint: "AWS_USE_FIPS_ENDPOINT",
    .useDualStackEndpoint: "AWS_USE_DUALSTACK_ENDPOINT",
    .stsRegionalEndpoints: "AWS_STS_REGIONAL_ENDPOINTS",
    .caBundle: "AWS_CA_BUNDLE",
    .maxAttempts: "AWS_MAX_ATTEMPTS",
  ]
}

/// A line of a file, for messages.
package struct SourceLocation: Equatable, Sendable {
  package var file: String
  /// Counted from 1.
  package var line: Int

  package init(file: String, line: Int) {
    self.file = file
    self.line = line
  }
}
