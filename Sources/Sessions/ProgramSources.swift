package import AWSServices
package import FoundationEssentials
package import HTTP
package import POSIX
package import Processes
package import Profiles
internal import Secrets

/// Why a source gave no credentials.
package enum SourceError: Error, Equatable {
  /// The program that a setting names failed.
  case program(Origin, ChildError)
  /// What a `credential_process` printed is not credentials.
  case output(Origin, CredentialsDocumentError)
  /// What it printed says that it is of another version than 1, or of none.
  case version(Origin)
  /// The file, or the program, that gives a web identity token; what it gave is no token.
  case notAToken(String)
  case tokenFile(String, FileFailure)
  /// By what the token itself says.
  case expiredToken(String, Date)
  /// AWS refused the token.
  case refusedToken(String, ServiceError)
  /// `credential_source = Environment`, and these variables are not set.
  case missingVariables([String])
  /// The credentials in the environment, the container's or the instance's have expired; when, if that is known.
  case expired(SourceName, Date?)
  case unusableEndpoint(String, URLText.Fault?)
}

// MARK: - Credential process

extension ProfilePrograms {
  /// Credentials from the program that a `credential_process` names.
  /// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
  func credentials(
    of process: CredentialPlan.CredentialProcess, for profile: String, at now: () -> Date
  ) throws(SourceError) -> Credentials {
    let output: SecretBytes
    do throws(ChildError) {
      output = try self.output(of: process.words, for: [profile, process.profile])
    } catch {
      throw .program(process.origin, error)
    }
    do throws(CredentialsDocumentError) {
      let document = try CredentialsDocument(output)
      if document.kind("Version") == .number, document.literal("Version") == "1" {
        if let expiration = try document.date("Expiration"), expiration <= now() { throw .expired(expiration) }
        return try document.credentials(token: "SessionToken", account: process.account)
      }
    } catch {
      throw .output(process.origin, error)
    }
    throw .version(process.origin)
  }
}

// MARK: - Web identity

/// Assumes roles with the tokens of identity providers. A token is read for each call, since its writer replaces it
/// before it expires.
final class WebIdentityRoles {
  private let sts: STS
  private let programs: ProfilePrograms
  private let now: @Sendable () -> Date
  /// What was read to see whom a token speaks for, and is for the next call: a pipe gives it once.
  private var next: IdentityToken?

  init(sts: STS, programs: ProfilePrograms, now: @escaping @Sendable () -> Date) {
    self.sts = sts
    self.programs = programs
    self.now = now
  }

  /// Whom the token in a file speaks for; nothing for a program's, which is not run to see that.
  func identity(of identity: CredentialPlan.WebIdentity) throws(SourceError) -> [String] {
    switch identity.token {
    case .program: return []
    case .file(let path):
      if !next.exists { next = try Self.token(inFile: path) }
      return next.withValue { $0.identity } ?? []
    }
  }

  func credentials(of identity: CredentialPlan.WebIdentity, for profile: String) throws -> Credentials {
    do {
      return try credentials(of: identity, with: next.take() ?? token(of: identity, for: profile))
    } catch SourceError.expiredToken {
      // It may have been replaced in this moment.
      return try credentials(of: identity, with: token(of: identity, for: profile))
    }
  }

  private func credentials(
    of identity: CredentialPlan.WebIdentity, with token: consuming IdentityToken
  ) throws -> Credentials {
    let name = identity.token.name
    if let end = token.claims.expiration, end.addingTimeInterval(Self.tolerance) < now() {
      throw SourceError.expiredToken(name, end)
    }
    let step = identity.role
    let request = AssumeRoleRequest(
      role: step.role, sessionName: step.sessionName, duration: step.duration, scope: step.scope)
    do throws(AWSError) {
      return try sts.assumeRole(request, withWebIdentity: token)
    } catch {
      guard let refusal = error.refusal, Self.codes.contains(refusal.code) else { throw error }
      guard error.means(.expiredSession) else { throw SourceError.refusedToken(name, refusal) }
      throw SourceError.expiredToken(name, token.claims.expiration ?? now())
    }
  }

  /// Seconds that our clock may be ahead of the provider's.
  private static let tolerance = 60.0

  /// What STS says of tokens.
  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
  private static let codes: Set = [
    "ExpiredTokenException", "InvalidIdentityToken", "InvalidIdentityTokenException", "IDPRejectedClaim",
    "IDPRejectedClaimException", "AccessDenied",
  ]

  private func token(
    of identity: CredentialPlan.WebIdentity, for profile: String
  ) throws(SourceError) -> IdentityToken {
    switch identity.token {
    case .file(let path): return try Self.token(inFile: path)
    case .program(let words):
      let output: SecretBytes
      do throws(ChildError) {
        output = try programs.output(of: words, for: [profile])
      } catch {
        throw .program(identity.origin, error)
      }
      guard let token = IdentityToken(output) else { throw .notAToken(words[0]) }
      return token
    }
  }

  private static func token(inFile path: String) throws(SourceError) -> IdentityToken {
    let content: SecretBytes
    do throws(FileFailure) {
      content = try SecretBytes.contents(ofFile: path, limit: IdentityToken.length.upperBound + 2)
    } catch {
      throw .tokenFile(path, error)
    }
    guard let token = IdentityToken(content) else { throw .notAToken(path) }
    return token
  }
}
