package import AWSValues
internal import HTTP
package import Secrets

/// Where the AWS console of a partition is, and where one signs in to it with credentials.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
package struct ConsoleSite: Equatable, Sendable {
  /// `https://eu-west-1.signin.aws.amazon.com`.
  let signIn: URLText
  let consoleHost: String
  package let region: String

  /// - Parameter override: the URL of a sign-in host in place of AWS's, on loopback; for tests.
  package init(region: String, override: (variable: String, url: String)? = nil) throws(ConsoleError) {
    let partition = Partition(region: region)
    guard let hosts = Self.hosts[partition.id] else { throw .noConsole(partition: partition.id) }
    consoleHost = "\(region).\(hosts.console)"
    self.region = region
    guard let override else {
      signIn = URLText(scheme: .https, host: "\(region).\(hosts.signIn)")
      return
    }
    do throws(URLText.Fault) { signIn = try URLText(strictly: override.url) } catch {
      throw .notLoopback(variable: override.variable)
    }
    guard signIn.isLoopback else { throw .notLoopback(variable: override.variable) }
  }

  private static let hosts: [String: (signIn: String, console: String)] = [
    "aws": ("signin.aws.amazon.com", "console.aws.amazon.com"),
    "aws-cn": ("signin.amazonaws.cn", "console.amazonaws.cn"),
    "aws-us-gov": ("signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"),
    "aws-eusc": ("signin.amazonaws-eusc.eu", "console.amazonaws-eusc.eu"),
  ]

  /// The page of a path such as `/s3/home`, in the site's region.
  ///
  /// - Throws: `invalidPath` for what is not a path of the console.
  package func page(_ path: String) throws(ConsoleError) -> String {
    let address = path.prefix { $0 != "#" }
    let fragment = path[address.endIndex...]
    let query = address.contains("?") ? "" : "?region=\(region)"
    let text = "https://\(consoleHost)\(address)\(query)"
    do throws(URLText.Fault) {
      guard path.hasPrefix("/"), try URLText(strictly: text).host == consoleHost else { throw .host }
      _ = try URLText(strictly: "https://host/?" + fragment.dropFirst())
    } catch {
      throw .invalidPath(path)
    }
    return text + fragment
  }

  /// The path of a service's page: its name, but for some.
  package static func path(ofService name: String) -> String {
    let others = [
      "": "console/home", "iam": "iam/home", "s3": "s3/home", "vpc": "vpcconsole/home", "cloudwatch": "cloudwatch/home",
      "r53": "route53/v2/home", "route53": "route53/v2/home", "ddb": "dynamodbv2/home",
      "dynamodb": "dynamodbv2/home", "cfn": "cloudformation/home", "eb": "elasticbeanstalk/home",
      "sns": "sns/v3/home", "sqs": "sqs/v3/home", "sfn": "states/home", "ssm": "systems-manager/home",
      "billing": "costmanagement/home", "logs": "cloudwatch/home#logsV2:log-groups",
    ]
    return "/" + (others[name] ?? "\(name)/home")
  }

  /// Signs out of what the browser is signed in to, and goes on to `page`; AWS offers it in one region only.
  package func signingOut(before page: borrowing SecretBytes) -> SecretBytes {
    let isAWS = signIn.host.hasSuffix(".signin.aws.amazon.com")
    let base = isAWS ? "https://us-east-1.signin.aws.amazon.com/" : URLText(site: signIn, path: "/").text
    var url = SecretBytes(copying: base + "oauth?Action=logout&redirect_uri=")
    url.append(percentEncoding: page)
    return url
  }
}

extension URLText {
  fileprivate init(site: URLText, path: String) {
    self = site
    self.path = path
    query = ""
  }
}

/// Why there is no way into the console.
package enum ConsoleError: Error, Equatable {
  /// The console of this partition is not public.
  case noConsole(partition: String)
  case notLoopback(variable: String)
  case invalidPath(String)
  /// The credentials are a long-term key, which the console does not take; it was not sent.
  case longTermKey
  /// The sign-in service refused the credentials, with this status.
  case refused(status: Int)
  /// What answered is not the sign-in service.
  case unreadable(status: Int)
}

// MARK: - Sign in

/// Turns credentials of a role, or of GetFederationToken, into a URL that signs a browser in.
package struct ConsoleFederation {
  private let client: AWSClient
  private let site: ConsoleSite

  package init(_ client: AWSClient, _ site: ConsoleSite) {
    self.client = client
    self.site = site
  }

  /// A URL that signs in anybody who opens it within 15 minutes, and then shows `page`: as good as credentials.
  ///
  /// - Parameter duration: of the console's session, 15 minutes to 12 hours; only for a role that was assumed with a
  ///   long-term key. Without it the session ends with the credentials.
  package func loginURL(
    to page: String, for duration: SessionDuration?, with credentials: borrowing Credentials
  ) throws -> SecretBytes {
    let token = try signInToken(for: duration, with: credentials)
    let start = URLText(site: site.signIn, path: "/federation").text
    let destination = PercentEncoding.encode(page)
    var url = SecretBytes(copying: "\(start)?Action=login&Issuer=daypass&Destination=\(destination)&SigninToken=")
    url.append(percentEncoding: token)
    return url
  }

  private func signInToken(
    for duration: SessionDuration?, with credentials: borrowing Credentials
  ) throws -> SecretBytes {
    guard credentials.sessionToken.exists else { throw ConsoleError.longTermKey }
    var session = JSONBody()
    session.append("sessionId", credentials.accessKeyID)
    session.append("sessionKey", credentials.secretAccessKey)
    credentials.sessionToken.withValue { session.append("sessionToken", $0) }
    var form = SecretBytes(copying: "Action=getSigninToken&Session=")
    form.append(percentEncoding: session.finish())
    // Some odd values are refused though they are within the limits.
    if let duration { form.append("&SessionDuration=\(duration.seconds / 60 * 60)") }
    let response = try answer(to: form)
    guard response.status == 200 else {
      throw 400..<500 ~= response.status
        ? ConsoleError.refused(status: response.status) : .unreadable(status: response.status)
    }
    return try Self.token(in: response)
  }

  /// AWS documents GET alone, with the credentials in the address; its hosts take POST, which keeps them out of logs.
  private func answer(to form: borrowing SecretBytes) throws -> HTTPResponse {
    var url = URLText(site: site.signIn, path: "/federation")
    let header = HTTPRequest.Header("Content-Type", "application/x-www-form-urlencoded")
    let response = try client.send(HTTPRequest(method: .post, url: url, headers: [header], body: form.clone()))
    guard [404, 405].contains(response.status), let query = form.revealed() else { return response }
    url.query = query
    return try client.send(HTTPRequest(method: .get, url: url))
  }

  private static func token(in response: borrowing HTTPResponse) throws(ConsoleError) -> SecretBytes {
    do throws(JSONError) {
      let document = try SecretDocument(json: response.body)
      if let place = document.elements(at: "SigninToken").first, document.kind(of: place) == .text {
        let token = document.secret(at: place)
        if !token.isEmpty { return token }
      }
    } catch {}
    throw .unreadable(status: response.status)
  }
}
