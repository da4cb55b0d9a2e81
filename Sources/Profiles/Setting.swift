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

  case credentialProcess = "credential_process"
  case webIdentityTokenFile = "web_identity_token_file"
  case loginSession = "login_session"
  case ssoSession = "sso_session"
  case ssoStartURL = "sso_start_url"
  case ssoAccountID = "sso_account_id"
  case ssoRoleName = "sso_role_name"

  case services
  case endpointURL = "endpoint_url"
  case ignoreConfiguredEndpointURLs = "ignore_configured_endpoint_urls"
  case useFIPSEndpoint = "use_fips_endpoint"
  case useDualStackEndpoint = "use_dualstack_endpoint"
  case stsRegionalEndpoints = "sts_regional_endpoints"
  case caBundle = "ca_bundle"
  case maxAttempts = "max_attempts"
}
