import AWSValues
import ArgumentParser
import Hashing
import Keyring
import POSIX
import Profiles
import Secrets
import Sessions
import TerminalIO

/// Where keys can be imported from.
enum ImportSource: String, CaseIterable, ExpressibleByArgument, Encodable {
  case credentials
  case awsVault = "aws-vault"
  case awsVaultFile = "aws-vault-file"
  case granted

  /// The store that keeps the keys there.
  ///
  /// - Throws: `ImportError.nothingThere`.
  func store(on host: Host, collection: String?) throws -> any KeySource {
    let places = ImportPlaces(environment: host.environment)
    switch self {
    case .credentials: return PlainTextKeys(files: try ConfigFiles(environment: host.environment))
    case .awsVault: return try CollectionKeys(collection.map { [$0] } ?? places.vaultCollections, on: host)
    case .awsVaultFile:
      return try EncryptedFiles(in: places.vaultFiles, "AWS_VAULT_FILE_PASSPHRASE", on: host)
    case .granted:
      do {
        return try CollectionKeys([collection ?? ImportPlaces.grantedCollection], on: host)
      } catch  where collection == nil && EncryptedFiles.exist(in: places.grantedFiles) {
        // Their passphrase is empty unless somebody set one.
        return try EncryptedFiles(in: places.grantedFiles, "CF_KEYRING_FILE_PASSWORD", preset: "", on: host)
      }
    }
  }
}

/// Where aws-vault and granted keep keys, unless their variables say otherwise.
struct ImportPlaces {
  let environment: [String: String]

  /// aws-vault's name for it, and the one that it had until 2018.
  var vaultCollections: [String] {
    environment.value(of: "AWS_VAULT_SECRET_SERVICE_COLLECTION_NAME").map { [$0] } ?? ["awsvault", "aws-vault"]
  }

  static let grantedCollection = "granted-aws-iam-credentials"

  var vaultFiles: String {
    guard let folder = environment.value(of: "AWS_VAULT_FILE_DIR") else { return home + "/.awsvault/keys" }
    return folder.hasPrefix("~/") ? home + folder.dropFirst() : folder
  }

  var grantedFiles: String { home + "/.granted/secure-storage-aws-iam-credentials" }

  private var home: String { environment["HOME"] ?? "" }
}

// MARK: - Key source

/// What keeps keys that can be imported.
protocol KeySource {
  /// Everything that is there, by name.
  func items() throws -> [SourceItem]
  /// Removes what `found` was read from, unless that is another key by now.
  func remove(_ found: SourceItem) throws
}

/// Something that a source has under a name.
struct SourceItem {
  let name: String
  let content: Content

  enum Content {
    case key(FoundKey)
    /// Temporary credentials and sign-ins, which daypass gets again.
    case skipped
    case refused(any UserFacingError)
  }

  var key: FoundKey? {
    switch content {
    case .key(let key): key
    case .skipped, .refused: nil
    }
  }

  var isSkipped: Bool {
    switch content {
    case .skipped: true
    case .key, .refused: false
    }
  }
}

/// A key that was read, checked for its form.
final class FoundKey {
  let credentials: Credentials

  /// - Throws: `KeyInputError`.
  init(_ credentials: borrowing Credentials) throws {
    let key = EnteredKey(
      accessKeyID: credentials.accessKeyID, secretAccessKey: credentials.secretAccessKey.clone())
    self.credentials = try key.credentials()
  }

  func equals(_ other: borrowing Credentials) -> Bool {
    credentials.accessKeyID == other.accessKeyID && credentials.secretAccessKey.equals(other.secretAccessKey)
  }
}

extension SourceItem {
  /// The item of this name, with the key that `read` returns.
  fileprivate init(_ name: String, _ read: () throws -> Credentials) throws {
    self.name = name
    guard VaultItem.kind(of: name) == .key else {
      content = .skipped
      return
    }
    do {
      content = .key(try FoundKey(read()))
    } catch VaultItemError.temporary {
      content = .skipped
    } catch let error as KeyInputError {
      content = error == .temporary ? .skipped : .refused(error)
    } catch let error as ImportError {
      content = .refused(error)
    } catch is VaultItemError {
      content = .refused(ImportError.damaged)
    }
  }
}

// MARK: - Plain text

/// The keys in `~/.aws/credentials`, or in the config file.
struct PlainTextKeys: KeySource {
  let files: ConfigFiles

  func items() throws -> [SourceItem] {
    let profiles = try files.read()
    return try profiles.names.compactMap { name in
      guard let profile = profiles.profile(named: name) else { return nil }
      if profile.hasTemporaryCredentials { return SourceItem(name: name, content: .skipped) }
      return try profile.plainTextKey.map { key in try SourceItem(name) { key.credentials } }
    }
  }

  func remove(_ found: SourceItem) throws {
    guard let key = try key(of: found) else { throw ImportError.changed }
    try files.remove(key)
  }

  /// Where the key is now; nil if another one is there, or none.
  func key(of found: SourceItem) throws -> PlainTextKey? {
    guard let key = try files.read().profile(named: found.name)?.plainTextKey else { return nil }
    return try found.key?.equals(FoundKey(key.credentials).credentials) == true ? key : nil
  }
}

extension PlainTextKey {
  fileprivate var credentials: Credentials {
    Credentials(accessKeyID: accessKeyID.value, secretAccessKey: SecretBytes(copying: secretAccessKey.value))
  }
}

// MARK: - Secret Service

/// The items of a collection of the Secret Service that aws-vault or granted keeps.
struct CollectionKeys: KeySource {
  private let name: String
  private let host: Host

  /// The first of `names` that has keys or is locked; if there is none, the first that there is.
  init(_ names: [String], on host: Host) throws {
    let places = try names.compactMap { name in
      try host.store.isOpen(collection: name).map { (name: name, isOpen: $0) }
    }
    let filled = try places.first { try !$0.isOpen || !host.store.foreignItems(in: $0.name).isEmpty }
    guard let name = (filled ?? places.first)?.name else {
      throw ImportError.nothingThere("the keyring has no collection '\(names[0])'")
    }
    self.name = name
    self.host = host
  }

  func items() throws -> [SourceItem] {
    try open()
    let items = try host.store.foreignItems(in: name)
    return try Dictionary(grouping: items, by: \.profile).sorted { $0.key < $1.key }.map { profile, items in
      try SourceItem(profile) { try VaultItem.key(named: profile, in: host.store.secret(of: only(items))) }
    }
  }

  func remove(_ found: SourceItem) throws {
    let item = try only(host.store.foreignItems(in: name).filter { $0.profile == found.name })
    guard try found.key?.equals(VaultItem.key(named: found.name, in: host.store.secret(of: item))) == true else {
      throw ImportError.changed
    }
    try host.store.remove(item)
  }

  /// The item that the source's program made. Any program may have put others beside it.
  private func only(_ items: [ForeignItem]) throws(ImportError) -> ForeignItem {
    let own = items.filter { $0.schema == nil }
    guard let item = own.first else { throw .foreign(schema: items.first?.schema ?? "") }
    guard own.count == 1 else { throw .ambiguous(count: own.count) }
    return item
  }

  /// Has the user open the collection, in the keyring's dialog or else at the terminal.
  private func open() throws {
    do throws(SecretStoreError) {
      try host.store.open(collection: name)
    } catch {
      guard error == .locked || error == .secretService(.noPrompter) else { throw error }
      guard let terminal = Terminal.foreground() else { throw ImportError.locked(collection: name) }
      try KeyringPassword(terminal: terminal).unlock(host.store, collection: name)
    }
  }
}

// MARK: - Encrypted files

/// A folder with a file for each item, encrypted with a passphrase (JWE).
final class EncryptedFiles: KeySource {
  private let folder: String
  private let variable: String
  private let host: Host
  private var passphrase: SecretBytes?

  private static let tries = 3

  static func exist(in folder: String) -> Bool {
    do { return try !files(in: folder).isEmpty } catch { return false }
  }

  /// How many keys a folder holds, by the names of its files.
  static func countKeys(in folder: String) throws(FileFailure) -> Int {
    try files(in: folder).count { VaultItem.kind(of: name(of: $0)) == .key }
  }

  /// The names of a folder's files. Those that start with a dot are not aws-vault's.
  private static func files(in folder: String) throws(FileFailure) -> [String] {
    try Directory(itself: folder).fileNames.filter { !$0.hasPrefix(".") }
  }

  /// - Parameters:
  ///   - variable: the environment variable that may hold the passphrase.
  ///   - preset: the passphrase if it is unset; nil asks for it.
  init(in folder: String, _ variable: String, preset: String? = nil, on host: Host) throws {
    guard Self.exist(in: folder) else { throw ImportError.nothingThere("no keys are in \(folder)") }
    (self.folder, self.variable, self.host) = (folder, variable, host)
    passphrase = (host.environment[variable] ?? preset).map { SecretBytes(copying: $0) }
  }

  func items() throws -> [SourceItem] {
    let files = try fileNames
    try settlePassphrase(for: files.filter { VaultItem.kind(of: Self.name(of: $0)) == .key })
    return try files.map { file in
      let name = Self.name(of: file)
      return try SourceItem(name) { try key(named: name, in: file) }
    }
  }

  func remove(_ found: SourceItem) throws {
    let file = try fileNames.first { Self.name(of: $0) == found.name }
    guard let file, try found.key?.equals(key(named: found.name, in: file)) == true else { throw ImportError.changed }
    do throws(FileFailure) {
      let directory = try Directory(itself: folder)
      directory.discard(file)
      try directory.synchronize()
    } catch {
      throw ImportError.notRemoved
    }
    guard try !fileNames.contains(file) else { throw ImportError.notRemoved }
  }

  private var fileNames: [String] {
    get throws {
      do throws(FileFailure) {
        return try Self.files(in: folder)
      } catch {
        throw ImportError.nothingThere("cannot read \(folder)")
      }
    }
  }

  /// Newer versions of aws-vault encode what a file's name may not have in it.
  private static func name(of file: String) -> String {
    String(decoding: PercentEncoding.decode(file), as: UTF8.self)
  }

  private func key(named name: String, in file: String) throws -> Credentials {
    do {
      let text = try passphrase.withValue { try JWE.decrypted(token(in: file), with: $0) }
      return try VaultItem.key(named: name, in: text ?? SecretBytes())
    } catch JWEError.wrongPassphrase {
      throw ImportError.otherPassphrase
    } catch let error where error is JWEError || error is FileFailure {
      throw ImportError.damaged
    }
  }

  private func token(in file: String) throws(FileFailure) -> SecretBytes {
    try SecretBytes.contents(ofFile: "\(folder)/\(file)", limit: KeyInput.limit)
  }

  // MARK: Passphrase

  /// Asks for the passphrase, if no variable has it, until it opens one of `files`; a damaged one
  /// does not tell whether the passphrase is right.
  private func settlePassphrase(for files: [String]) throws {
    if passphrase.exists || files.isEmpty {
      guard try passphrase.withValue({ try opens(files, $0) }) ?? true else {
        throw ImportError.wrongPassphrase(of: folder, variable: variable)
      }
      return
    }
    let terminal = try Terminal.required(toAsk: "for the passphrase of \(folder)", flag: "\(variable) set")
    for _ in 1...Self.tries {
      let typed = try terminal.readLine(Prompt("passphrase of \(folder) (hidden): "), echo: .hidden)
      if try opens(files, typed) {
        passphrase = .some(typed.clone())
        return
      }
      try terminal.say("daypass: that is not the passphrase")
    }
    throw ImportError.wrongPassphrase(of: folder, variable: nil)
  }

  private func opens(_ files: [String], _ passphrase: borrowing SecretBytes) throws -> Bool {
    var isWrong = false
    for file in files {
      do {
        _ = try JWE.decrypted(token(in: file), with: passphrase)
        return true
      } catch JWEError.wrongPassphrase {
        isWrong = true
      } catch let error where error is JWEError || error is FileFailure {
        continue
      }
    }
    return !isWrong
  }
}

// MARK: - Overview

/// What `import` prints without `--from`: which sources there are. It unlocks nothing and asks for no passphrase.
struct ImportOverview: Report {
  let sources: [Source]

  struct Source: Encodable {
    let source: ImportSource
    let place: String
    /// Nil if it is locked.
    var keys: Int?
  }

  /// What to type now.
  var next: String {
    guard let first = sources.first else { return "nothing to import: daypass add NAME asks for a key" }
    return "next: daypass import --from \(first.source.rawValue) --dry-run"
  }

  var text: String {
    guard !sources.isEmpty else { return "" }
    return Table(
      header: ["SOURCE", "KEYS", "PLACE"],
      rows: sources.map { [$0.source.rawValue, $0.keys.map(String.init) ?? "?", $0.place] }
    ).text
  }
}

extension ImportOverview {
  /// - Throws: `SecretStoreError`: without a keyring nothing can be imported.
  init(on host: Host) throws {
    let places = ImportPlaces(environment: host.environment)
    sources =
      try Self.plainText(host) + Self.collection(.awsVault, places.vaultCollections, host)
      + Self.files(.awsVaultFile, places.vaultFiles)
      + Self.collection(.granted, [ImportPlaces.grantedCollection], host)
      + Self.files(.granted, places.grantedFiles)
  }

  private static func plainText(_ host: Host) -> [Source] {
    do {
      let files = try ConfigFiles(environment: host.environment)
      let count = try PlainTextKeys(files: files).items().count { $0.key != nil }
      return count == 0 ? [] : [Source(source: .credentials, place: files.credentials, keys: count)]
    } catch {
      host.diagnostics.warn(Messages.error(error).problem)
      return []
    }
  }

  private static func collection(_ source: ImportSource, _ names: [String], _ host: Host) throws -> [Source] {
    for name in names {
      guard let isOpen = try host.store.isOpen(collection: name) else { continue }
      let place = "collection '\(name)'"
      guard isOpen else { return [Source(source: source, place: place + ", locked")] }
      let count = try host.store.foreignItems(in: name).count { VaultItem.kind(of: $0.profile) == .key }
      if count > 0 { return [Source(source: source, place: place, keys: count)] }
    }
    return []
  }

  private static func files(_ source: ImportSource, _ folder: String) -> [Source] {
    do {
      let count = try EncryptedFiles.countKeys(in: folder)
      return count == 0 ? [] : [Source(source: source, place: folder, keys: count)]
    } catch {
      return []
    }
  }
}
