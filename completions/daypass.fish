# Completions of daypass for fish; written by hand, since swift-argument-parser's generator cannot complete a wrapped
# command, and compared with the binary by Tests/ManualTests.

# Only daypass itself is asked for names, and what it prints is never evaluated.
function __daypass_profiles
    command daypass list --names $argv 2>/dev/null </dev/null
end

# Whether the command is still to be typed.
function __daypass_wants_command
    test (commandline -opc | count) -eq 1
end

# The command, with a dash where it is two words.
function __daypass_command
    set -l words (commandline -opc)
    if contains -- "$words[2]" mfa sso
        echo $words[2]-$words[3]
    else
        echo $words[2]
    end
end

# Whether the command is one of the arguments, and no '--' has ended its options.
function __daypass_is
    contains -- (__daypass_command) $argv; and not contains -- -- (commandline -opc)
end

# Whether the command of a group is still to be typed.
function __daypass_wants_command_of
    set -l words (commandline -opc)
    test (count $words) -eq 2; and test "$words[2]" = $argv[1]
end

# Whether one of these commands still lacks its first argument.
function __daypass_wants_argument_of
    __daypass_is $argv; and test (__daypass_arguments | count) -eq 0
end

# The words after the command that are neither options nor their values.
function __daypass_arguments
    set -l skip no
    set -l words (commandline -opc)[3..]
    string match -qr '^(mfa|sso)-' (__daypass_command); and set words $words[2..]
    for word in $words
        if test $skip = yes
            set skip no
        else if contains -- $word --csv --mfa-serial --duration --min-left --older-than --from --rename --collection --region --mfa-code -d -t --prompt --format --name --png --serial --account --role --sso-session --start-url --sso-region --service --path --browser --container --policy --policy-arn --tag --transitive-tag --source-identity
            set skip yes
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end

function __daypass_wraps
    set -l words (commandline -opc)
    test "$words[2]" = exec; and contains -- -- $words
end

# What fish offers for the command that exec wraps, as if it stood alone.
function __daypass_wrapped
    set -l words (commandline -opc)
    set -l terminator (contains -i -- -- $words)
    set -l own (string escape -- $words[(math $terminator + 1)..])
    complete -C (string join ' ' -- $own (commandline -ct))
end

complete -c daypass -f

complete -c daypass -n __daypass_wants_command -a add -d 'Keep a long-term access key in the keyring'
complete -c daypass -n __daypass_wants_command -a import -d 'Move keys in from aws-vault and others'
complete -c daypass -n __daypass_wants_command -a list -d 'List profiles, keys, MFA devices and sessions'
complete -c daypass -n __daypass_wants_command -a status -d 'Show what this shell holds, sign-ins and sessions'
complete -c daypass -n __daypass_wants_command -a remove -d 'Remove a key and its sessions from the keyring'
complete -c daypass -n __daypass_wants_command -a rotate -d "Replace a profile's access key with a new one"
complete -c daypass -n __daypass_wants_command -a unlock -d 'Unlock the keyring from the terminal'
complete -c daypass -n __daypass_wants_command -a mfa -d 'Enroll, list, remove and resynchronize MFA devices'
complete -c daypass -n __daypass_wants_command -a sso -d 'List what Identity Center gives access to, write profiles'
complete -c daypass -n __daypass_wants_command -a login -d 'Sign in or get a session, and show whose it is'
complete -c daypass -n __daypass_wants_command -a exec -d 'Run a command with credentials in its environment'
complete -c daypass -n __daypass_wants_command -a use -d 'Put credentials into this shell, and renew them'
complete -c daypass -n __daypass_wants_command -a off -d 'Restore this shell to what it was before use'
complete -c daypass -n __daypass_wants_command -a init -d 'Print the code that gives a shell use, off and completions'
complete -c daypass -n __daypass_wants_command -a export -d 'Print credentials for a shell or a file'
complete -c daypass -n __daypass_wants_command -a credential-process -d 'Print credentials in the JSON that AWS SDKs read'
complete -c daypass -n __daypass_wants_command -a serve -d 'Serve credentials to AWS SDKs, and renew them'
complete -c daypass -n __daypass_wants_command -a clear -d 'Forget a session'
complete -c daypass -n __daypass_wants_command -a logout -d 'Sign out, and forget tokens and sessions'
complete -c daypass -n __daypass_wants_command -a list-buckets -d 'List the S3 buckets of the account'
complete -c daypass -n __daypass_wants_command -a whoami -d 'Show the AWS identity of a profile'
complete -c daypass -n __daypass_wants_command -a doctor -d 'Find what is wrong, and say how to fix it'
complete -c daypass -n __daypass_wants_command -a console -d 'Open the AWS console signed in as the profile'
complete -c daypass -n __daypass_wants_command -a explain -d 'Show how credentials would be obtained, and why'
complete -c daypass -n __daypass_wants_command -a scenario -d 'Prove on a real account that MFA is enforced'
complete -c daypass -n __daypass_wants_command -a help -d 'Show how a command is used'
complete -c daypass -n '__daypass_wants_argument_of help' \
    -a 'add import list status remove rotate unlock mfa sso login exec use off init export credential-process serve clear logout list-buckets whoami console explain doctor scenario'

complete -c daypass -n '__daypass_wants_command_of mfa' -a enroll -d 'Make a virtual MFA device'
complete -c daypass -n '__daypass_wants_command_of mfa' -a list -d 'List the MFA devices of a user'
complete -c daypass -n '__daypass_wants_command_of mfa' -a remove -d 'Remove an MFA device from a user'
complete -c daypass -n '__daypass_wants_command_of mfa' -a resync -d 'Resynchronize a device whose clock drifted'

complete -c daypass -n '__daypass_wants_command_of sso' -a add -d 'Write where your organization signs in'
complete -c daypass -n '__daypass_wants_command_of sso' -a accounts -d 'List the accounts that you may use'
complete -c daypass -n '__daypass_wants_command_of sso' -a roles -d 'List the roles that you may use'
complete -c daypass -n '__daypass_wants_command_of sso' -a import -d 'Write a profile for each role'

set -l with_mfa mfa-enroll mfa-list mfa-remove mfa-resync
set -l with_profile $with_mfa add list login logout exec use export credential-process list-buckets whoami console explain
complete -c daypass -n "__daypass_wants_argument_of $with_profile" -a '(__daypass_profiles)' -d Profile
complete -c daypass -n '__daypass_wants_argument_of remove rotate' -a '(__daypass_profiles --keys)' -d Profile
complete -c daypass -n '__daypass_wants_argument_of clear' -a '(__daypass_profiles --cached)' -d Profile
complete -c daypass -n '__daypass_wants_argument_of init' -a 'bash zsh fish'
complete -c daypass -n '__daypass_wants_argument_of scenario' -a 'session-token assume-role cleanup'
complete -c daypass -n '__daypass_is serve import' -a '(__daypass_profiles)' -d Profile
complete -c daypass -n '__daypass_is scenario; and test (__daypass_arguments | count) -eq 1' \
    -a '(__daypass_profiles)' -d Profile
complete -c daypass -n '__daypass_is exec; and test (__daypass_arguments | count) -eq 1' -a -- -d 'The command follows'
complete -c daypass -n __daypass_wraps -a '(__daypass_wrapped)'

set -l not_wrapping 'not __daypass_wraps'
complete -c daypass -n $not_wrapping -s h -l help -d 'Show help'
complete -c daypass -n $not_wrapping -l version -d 'Show the version'
complete -c daypass -n "__daypass_is import remove rotate clear unlock doctor status serve off init scenario sso-add sso-accounts sso-roles sso-import $with_profile" -l debug -d 'Log each step to stderr; never secrets'

set -l session "__daypass_is $with_mfa rotate login exec use export credential-process serve list-buckets whoami console explain"
complete -c daypass -n $session -s n -l no-session -d 'Use the long-term key itself'
set -l times '15m 1h 4h 8h 12h'
set -l regions \
    us-east-1 us-east-2 us-west-1 us-west-2 af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 \
    ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 \
    ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 \
    eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-gov-east-1 us-gov-west-1 \
    cn-north-1 cn-northwest-1
complete -c daypass -n $session -x -s d -l duration -a $times -d 'How long the credentials last: 900, 15m, 12h'
complete -c daypass -n $session -x -l region -a "$regions" -d 'The AWS region'
complete -c daypass -n $session -x -s t -l mfa-code -d 'The six digits the MFA device shows now'
complete -c daypass -n $session -x -l prompt -a 'tty pinentry zenity kdialog ykman none' -d 'What asks for an MFA code'

set -l cached '__daypass_is exec use export credential-process serve list-buckets whoami console explain'
complete -c daypass -n $cached -l fresh -d 'Make a new session even if one is cached'
complete -c daypass -n $cached -x -l min-left -a $times -d 'Make a new session if the cached one has less time left: 15m'

complete -c daypass -n $cached -l read-only -d "Only what AWS's ReadOnlyAccess allows"
complete -c daypass -n $cached -l view-only -d "Only what AWS's ViewOnlyAccess allows"
set -l policies \
    ReadOnlyAccess job-function/ViewOnlyAccess SecurityAudit PowerUserAccess AdministratorAccess \
    job-function/Billing job-function/SupportUser AmazonS3ReadOnlyAccess AmazonEC2ReadOnlyAccess IAMReadOnlyAccess \
    CloudWatchReadOnlyAccess
set -l services \
    s3 sts ec2 iam lambda dynamodb rds sqs sns logs cloudwatch cloudformation cloudtrail kms secretsmanager ssm ecr \
    ecs eks route53
complete -c daypass -n $cached -x -l service -a "$services" -d 'Only these services: s3,sts'
complete -c daypass -n $cached -r -F -l policy -d 'Only what the policy in this file allows'
complete -c daypass -n $cached -x -l policy-arn -a "$policies" -d 'Only what this managed policy allows'
complete -c daypass -n $cached -x -l tag -d 'A session tag: key=value'
complete -c daypass -n $cached -x -l transitive-tag -d 'The key of a tag that further roles inherit'
complete -c daypass -n $cached -x -l source-identity -d 'Who is behind the session'

complete -c daypass -n '__daypass_is doctor' -l offline -d 'Do not ask AWS for the time'
complete -c daypass -n '__daypass_is console' -l print -d 'Print the URL'
complete -c daypass -n '__daypass_is console' -x -l path -d 'The page to open, by its path'
complete -c daypass -n '__daypass_is console' -x -l browser -d 'The program to open the page with'
complete -c daypass -n '__daypass_is console' -x -l container -d 'The container of Firefox to open it in'
complete -c daypass -n '__daypass_is console' -l logout -d 'Sign out first'

complete -c daypass -n '__daypass_is exec' -l server -d 'Serve credentials, and renew them'
complete -c daypass -n '__daypass_is serve' -x -l format -a 'sh fish powershell env json' -d 'The output format'
complete -c daypass -n '__daypass_is serve' -x -l idle -a $times -d 'End when nobody has asked for this long: 1h'

complete -c daypass -n '__daypass_is add' -l env -d 'Read the key from the environment'
complete -c daypass -n '__daypass_is add' -l stdin -d 'Read the key from standard input'
complete -c daypass -n '__daypass_is add' -r -F -l csv -d "Read the IAM console's download"
complete -c daypass -n '__daypass_is add' -l no-verify -d 'Store the key without checking it with AWS'
complete -c daypass -n '__daypass_is add' -x -l mfa-serial -d 'The MFA device to write to the profile'
complete -c daypass -n '__daypass_is add' -x -l region -a "$regions" -d 'The region to write to the profile'
complete -c daypass -n '__daypass_is add' -l credential-process -d 'Let aws, boto3 and terraform use it'
complete -c daypass -n '__daypass_is import' -x -l from -a 'credentials aws-vault aws-vault-file granted' -d 'Where the keys are'
complete -c daypass -n '__daypass_is import' -l all -d 'Take all keys, without asking'
complete -c daypass -n '__daypass_is import' -x -l rename -d 'Store the key of one name under another: old=new'
complete -c daypass -n '__daypass_is import' -l overwrite -d 'Replace other keys that the keyring has'
complete -c daypass -n '__daypass_is import' -l no-verify -d 'Do not ask AWS whose the keys are'
complete -c daypass -n '__daypass_is import' -x -l collection -d "The keyring's collection to read"
complete -c daypass -n '__daypass_is import' -l dry-run -d 'Only show what would be done'
complete -c daypass -n '__daypass_is import' -l delete-source -d 'Remove each key from where it was'
complete -c daypass -n '__daypass_is import' -l edit-config -d 'Change lines that call aws-vault to call daypass'
complete -c daypass -n '__daypass_is import' -l credential-process -d 'Let aws, boto3 and terraform use them'
complete -c daypass -n '__daypass_is add remove mfa-remove' -s f -l force -d 'Do it without asking'
complete -c daypass -n '__daypass_is clear' -l all -d 'Forget the sessions of all profiles'
complete -c daypass -n '__daypass_is logout' -l all -d 'Sign out of everything'
complete -c daypass -n '__daypass_is login' -l remote -d 'Sign in on another device'
complete -c daypass -n '__daypass_is login logout' -x -l sso-session -a '(__daypass_profiles --sso-sessions)' -d 'An Identity Center session, without a profile'
complete -c daypass -n '__daypass_is login' -l device-code -d 'Show a code to type into any browser'
complete -c daypass -n '__daypass_is login' -l switch -d 'Accept whoever signs in'
complete -c daypass -n '__daypass_is login' -x -l account -d 'The account to sign in to'
complete -c daypass -n '__daypass_is rotate' -l all -d 'Rotate every key in the keyring'
complete -c daypass -n '__daypass_is rotate' -x -l older-than -a '30d 90d 180d 365d' -d 'Skip keys newer than this, such as 90d'
complete -c daypass -n '__daypass_is rotate' -l keep-old -d 'Leave the old key in AWS, inactive'
complete -c daypass -n '__daypass_is rotate' -l yes -d 'Do not ask before AWS changes anything'
complete -c daypass -n '__daypass_is status' -l prompt -d 'Only the profile and the time left'
complete -c daypass -n '__daypass_is list' -l names -d 'Only the names of the profiles'
complete -c daypass -n '__daypass_is list' -l keys -d 'Only profiles with a key in the keyring'
complete -c daypass -n '__daypass_is list' -l cached -d 'Only profiles with a session'
complete -c daypass -n '__daypass_is list' -l sso-sessions -d 'With --names: those of Identity Center sessions'
complete -c daypass -n '__daypass_is list' -l wide -d 'Roles and devices in full'
complete -c daypass -n '__daypass_is import rotate list status list-buckets whoami explain doctor mfa-list scenario sso-accounts sso-roles sso-import' -l json -d 'Print JSON'
complete -c daypass -n '__daypass_is sso-roles sso-import' -x -l account -d 'Only roles of this account'
complete -c daypass -n '__daypass_is sso-roles sso-import' -x -l role -d 'Only roles of this name'
complete -c daypass -n '__daypass_is sso-import' -x -l name -d 'How profiles are named: {account_name}-{role}'
complete -c daypass -n '__daypass_is sso-import' -x -l region -a "$regions" -d 'The region of the new profiles'
complete -c daypass -n '__daypass_wants_argument_of sso-accounts sso-roles sso-import' -a '(__daypass_profiles --sso-sessions)' -d Session
complete -c daypass -n '__daypass_is sso-add' -x -l start-url -d 'The address of the access portal'
complete -c daypass -n '__daypass_is sso-add' -x -l sso-region -a "$regions" -d 'The region of Identity Center'
complete -c daypass -n '__daypass_is sso-import' -l dry-run -d 'Print what would be written'
complete -c daypass -n '__daypass_is scenario' -l yes -d 'Create and remove without asking'
complete -c daypass -n '__daypass_is scenario' -l automatic -d "Compute the codes from the device's secret"
complete -c daypass -n '__daypass_is export' -x -l format -a 'sh fish powershell env json ini' -d 'The output format'
complete -c daypass -n '__daypass_is mfa-enroll' -x -l name -d "The new device's name in AWS"
complete -c daypass -n '__daypass_is mfa-enroll' -r -F -l png -d 'Write the QR code to a new PNG file'
complete -c daypass -n '__daypass_is mfa-enroll' -l text -d 'Show the secret key as text'
complete -c daypass -n '__daypass_is mfa-remove mfa-resync' -x -l serial -d 'The device'
