-- Purpose: who is a member of what.
-- Grain: one row a membership; those among roles of PostgreSQL itself are left out.
-- Parameters: none.
SELECT
    pg_get_userbyid(membership.roleid) AS group_name,
    pg_get_userbyid(membership.member) AS member,
    membership.inherit_option AS inherit,
    membership.set_option AS become,
    membership.admin_option AS admin
FROM pg_catalog.pg_auth_members AS membership
WHERE pg_get_userbyid(membership.member) NOT LIKE 'pg\_%%'
