-- The four tables of the former warehouse, under their names and columns, over the new star: its
-- reports go on as they are. Shown are current versions; no deleted members, no reserved ones, and
-- none of whom nothing is known yet (the former tables had no row for them).

-- The former warehouse wrote countries as English names, in the spelling of its producers; the new
-- one keeps ISO 3166 codes.
CREATE TABLE legacy.country (
    country_code text NOT NULL,
    country text NOT NULL,
    CONSTRAINT country_pkey PRIMARY KEY (country_code),
    CONSTRAINT country_country_key UNIQUE (country),
    -- ISO 3166, two letters.
    CONSTRAINT country_code_is_alpha_2 CHECK (country_code ~ '^[A-Z]{2}$')
);
COMMENT ON TABLE legacy.country IS
'Countries as the former warehouse spelt them; grain: one ISO 3166 code.';
COMMENT ON COLUMN legacy.country.country_code IS 'ISO 3166 code of two letters.';
COMMENT ON COLUMN legacy.country.country IS 'English name, as the former producers wrote it.';
INSERT INTO legacy.country (country_code, country)
VALUES
('AD', 'Andorra'),
('AE', 'United Arab Emirates'),
('AF', 'Afghanistan'),
('AG', 'Antigua and Barbuda'),
('AI', 'Anguilla'),
('AL', 'Albania'),
('AM', 'Armenia'),
('AO', 'Angola'),
('AQ', 'Antarctica (the territory South of 60 deg S)'),
('AR', 'Argentina'),
('AS', 'American Samoa'),
('AT', 'Austria'),
('AU', 'Australia'),
('AW', 'Aruba'),
('AX', 'Åland Islands'),
('AZ', 'Azerbaijan'),
('BA', 'Bosnia and Herzegovina'),
('BB', 'Barbados'),
('BD', 'Bangladesh'),
('BE', 'Belgium'),
('BF', 'Burkina Faso'),
('BG', 'Bulgaria'),
('BH', 'Bahrain'),
('BI', 'Burundi'),
('BJ', 'Benin'),
('BL', 'Saint Barthelemy'),
('BM', 'Bermuda'),
('BN', 'Brunei Darussalam'),
('BO', 'Bolivia'),
('BQ', 'Caribbean Netherlands'),
('BR', 'Brazil'),
('BS', 'Bahamas'),
('BT', 'Bhutan'),
('BV', 'Bouvet Island (Bouvetoya)'),
('BW', 'Botswana'),
('BY', 'Belarus'),
('BZ', 'Belize'),
('CA', 'Canada'),
('CC', 'Cocos (Keeling) Islands'),
('CD', 'Congo - Kinshasa'),
('CF', 'Central African Republic'),
('CG', 'Congo'),
('CH', 'Switzerland'),
('CI', 'Cote d''Ivoire'),
('CK', 'Cook Islands'),
('CL', 'Chile'),
('CM', 'Cameroon'),
('CN', 'China'),
('CO', 'Colombia'),
('CR', 'Costa Rica'),
('CU', 'Cuba'),
('CV', 'Cape Verde'),
('CW', 'Curaçao'),
('CX', 'Christmas Island'),
('CY', 'Cyprus'),
('CZ', 'Czech Republic'),
('DE', 'Germany'),
('DJ', 'Djibouti'),
('DK', 'Denmark'),
('DM', 'Dominica'),
('DO', 'Dominican Republic'),
('DZ', 'Algeria'),
('EC', 'Ecuador'),
('EE', 'Estonia'),
('EG', 'Egypt'),
('EH', 'Western Sahara'),
('ER', 'Eritrea'),
('ES', 'Spain'),
('ET', 'Ethiopia'),
('FI', 'Finland'),
('FJ', 'Fiji'),
('FK', 'Falkland Islands (Malvinas)'),
('FM', 'Micronesia'),
('FO', 'Faroe Islands'),
('FR', 'France'),
('GA', 'Gabon'),
('GB', 'United Kingdom'),
('GD', 'Grenada'),
('GE', 'Georgia'),
('GF', 'French Guiana'),
('GG', 'Guernsey'),
('GH', 'Ghana'),
('GI', 'Gibraltar'),
('GL', 'Greenland'),
('GM', 'Gambia'),
('GN', 'Guinea'),
('GP', 'Guadeloupe'),
('GQ', 'Equatorial Guinea'),
('GR', 'Greece'),
('GS', 'South Georgia and the South Sandwich Islands'),
('GT', 'Guatemala'),
('GU', 'Guam'),
('GW', 'Guinea-Bissau'),
('GY', 'Guyana'),
('HK', 'Hong Kong'),
('HM', 'Heard Island and McDonald Islands'),
('HN', 'Honduras'),
('HR', 'Croatia'),
('HT', 'Haiti'),
('HU', 'Hungary'),
('ID', 'Indonesia'),
('IE', 'Ireland'),
('IL', 'Israel'),
('IM', 'Isle of Man'),
('IN', 'India'),
('IO', 'British Indian Ocean Territory (Chagos Archipelago)'),
('IQ', 'Iraq'),
('IR', 'Iran'),
('IS', 'Iceland'),
('IT', 'Italy'),
('JE', 'Jersey'),
('JM', 'Jamaica'),
('JO', 'Jordan'),
('JP', 'Japan'),
('KE', 'Kenya'),
('KG', 'Kyrgyz Republic'),
('KH', 'Cambodia'),
('KI', 'Kiribati'),
('KM', 'Comoros'),
('KN', 'Saint Kitts and Nevis'),
('KP', 'North Korea'),
('KR', 'Korea'),
('KW', 'Kuwait'),
('KY', 'Cayman Islands'),
('KZ', 'Kazakhstan'),
('LA', 'Lao People''s Democratic Republic'),
('LB', 'Lebanon'),
('LC', 'Saint Lucia'),
('LI', 'Liechtenstein'),
('LK', 'Sri Lanka'),
('LR', 'Liberia'),
('LS', 'Lesotho'),
('LT', 'Lithuania'),
('LU', 'Luxembourg'),
('LV', 'Latvia'),
('LY', 'Libyan Arab Jamahiriya'),
('MA', 'Morocco'),
('MC', 'Monaco'),
('MD', 'Moldova'),
('ME', 'Montenegro'),
('MF', 'Saint Martin'),
('MG', 'Madagascar'),
('MH', 'Marshall Islands'),
('MK', 'Macedonia'),
('ML', 'Mali'),
('MM', 'Myanmar'),
('MN', 'Mongolia'),
('MO', 'Macao'),
('MP', 'Northern Mariana Islands'),
('MQ', 'Martinique'),
('MR', 'Mauritania'),
('MS', 'Montserrat'),
('MT', 'Malta'),
('MU', 'Mauritius'),
('MV', 'Maldives'),
('MW', 'Malawi'),
('MX', 'Mexico'),
('MY', 'Malaysia'),
('MZ', 'Mozambique'),
('NA', 'Namibia'),
('NC', 'New Caledonia'),
('NE', 'Niger'),
('NF', 'Norfolk Island'),
('NG', 'Nigeria'),
('NI', 'Nicaragua'),
('NL', 'Netherlands'),
('NO', 'Norway'),
('NP', 'Nepal'),
('NR', 'Nauru'),
('NU', 'Niue'),
('NZ', 'New Zealand'),
('OM', 'Oman'),
('PA', 'Panama'),
('PE', 'Peru'),
('PF', 'French Polynesia'),
('PG', 'Papua New Guinea'),
('PH', 'Philippines'),
('PK', 'Pakistan'),
('PL', 'Poland'),
('PM', 'Saint Pierre and Miquelon'),
('PN', 'Pitcairn Islands'),
('PR', 'Puerto Rico'),
('PS', 'Palestinian Territory'),
('PT', 'Portugal'),
('PW', 'Palau'),
('PY', 'Paraguay'),
('QA', 'Qatar'),
('RE', 'Reunion'),
('RO', 'Romania'),
('RS', 'Serbia'),
('RU', 'Russian Federation'),
('RW', 'Rwanda'),
('SA', 'Saudi Arabia'),
('SB', 'Solomon Islands'),
('SC', 'Seychelles'),
('SD', 'Sudan'),
('SE', 'Sweden'),
('SG', 'Singapore'),
('SH', 'Saint Helena'),
('SI', 'Slovenia'),
('SJ', 'Svalbard & Jan Mayen Islands'),
('SK', 'Slovakia (Slovak Republic)'),
('SL', 'Sierra Leone'),
('SM', 'San Marino'),
('SN', 'Senegal'),
('SO', 'Somalia'),
('SR', 'Suriname'),
('SS', 'South Sudan'),
('ST', 'Sao Tome and Principe'),
('SV', 'El Salvador'),
('SX', 'Sint Maarten'),
('SY', 'Syrian Arab Republic'),
('SZ', 'Swaziland'),
('TC', 'Turks and Caicos Islands'),
('TD', 'Chad'),
('TF', 'French Southern Territories'),
('TG', 'Togo'),
('TH', 'Thailand'),
('TJ', 'Tajikistan'),
('TK', 'Tokelau'),
('TL', 'Timor-Leste'),
('TM', 'Turkmenistan'),
('TN', 'Tunisia'),
('TO', 'Tonga'),
('TR', 'Turkey'),
('TT', 'Trinidad and Tobago'),
('TV', 'Tuvalu'),
('TW', 'Taiwan'),
('TZ', 'Tanzania'),
('UA', 'Ukraine'),
('UG', 'Uganda'),
('UM', 'United States Minor Outlying Islands'),
('US', 'United States of America'),
('UY', 'Uruguay'),
('UZ', 'Uzbekistan'),
('VA', 'Holy See (Vatican City State)'),
('VC', 'Saint Vincent and the Grenadines'),
('VE', 'Venezuela'),
('VG', 'British Virgin Islands'),
('VI', 'United States Virgin Islands'),
('VN', 'Vietnam'),
('VU', 'Vanuatu'),
('WF', 'Wallis and Futuna'),
('WS', 'Samoa'),
('XK', 'Kosovo'),
('YE', 'Yemen'),
('YT', 'Mayotte'),
('ZA', 'South Africa'),
('ZM', 'Zambia'),
('ZW', 'Zimbabwe');

-- Names, addresses and e-mails are in the vault, under keys that the warehouse does not hold: no
-- SQL can show them, to nobody (docs/decisions). The privacy officer gets them by
-- `shopnow legacy customers`.
CREATE VIEW legacy.dim_customer WITH (security_invoker = TRUE) AS
SELECT
    customer.customer_id,
    NULL::text AS name,
    NULL::text AS email,
    NULL::text AS address,
    customer.city,
    coalesce(known.country, customer.country) AS country
FROM dwh.dim_customer AS customer
LEFT JOIN legacy.country AS known
    ON customer.country = known.country_code
WHERE
    customer.is_current
    AND NOT customer.is_deleted
    AND NOT customer.is_inferred
    AND customer.customer_no > 0;
COMMENT ON VIEW legacy.dim_customer IS
'Customers as the former warehouse showed them; grain: one customer, its current version.';
COMMENT ON COLUMN legacy.dim_customer.customer_id IS 'Pseudonym of the customer; joins with fact_order.';
COMMENT ON COLUMN legacy.dim_customer.name IS 'Null: in the vault; the privacy officer exports it.';
COMMENT ON COLUMN legacy.dim_customer.email IS 'Null: in the vault; the privacy officer exports it.';
COMMENT ON COLUMN legacy.dim_customer.address IS 'Null: in the vault; the privacy officer exports it.';
COMMENT ON COLUMN legacy.dim_customer.city IS 'City where the customer lives now.';
COMMENT ON COLUMN legacy.dim_customer.country IS
'Country where the customer lives now, by the name that the former warehouse gave it.';

-- Products of other sellers bear their seller's number: two sellers may use one identifier, and
-- the former key has to stay one.
CREATE VIEW legacy.dim_product WITH (security_invoker = TRUE) AS
SELECT
    CASE
        WHEN product.seller_no = 0 THEN product.product_id
        ELSE product.seller_no || ':' || product.product_id
    END AS product_id,
    product.title AS name,
    coalesce(product.source_category, category.path_en) AS category
FROM dwh.dim_product AS product
LEFT JOIN dwh.dim_category AS category
    ON product.category_id = category.category_id
WHERE
    product.is_current
    AND NOT product.is_deleted
    AND NOT product.is_inferred
    -- Keys below zero are the reserved members.
    AND product.product_key > 0;
COMMENT ON VIEW legacy.dim_product IS
'Products as the former warehouse showed them; grain: one product, its current version.';
COMMENT ON COLUMN legacy.dim_product.product_id IS
'Identifier of the product: bare for the house''s own, led by the seller''s number for others.';
COMMENT ON COLUMN legacy.dim_product.name IS 'Name of the product.';
COMMENT ON COLUMN legacy.dim_product.category IS
'Category as the sender says it, else the path of the house''s category.';

-- The day of an order was a day of UTC there, so the time is shown in UTC, without offset.
CREATE VIEW legacy.fact_order WITH (security_invoker = TRUE) AS
SELECT
    CASE
        WHEN starts_with(line.order_id, 'shopnow:') THEN substr(line.order_id, 9)
        ELSE line.order_id
    END AS order_id,
    CASE
        WHEN product.product_key < 0 THEN NULL
        WHEN line.seller_no = 0 THEN product.product_id
        ELSE line.seller_no || ':' || product.product_id
    END AS product_id,
    CASE WHEN line.customer_no > 0 THEN customer.customer_id END AS customer_id,
    line.quantity,
    line.unit_price,
    upper(line.line_status) AS status,
    line.ordered_at AT TIME ZONE 'UTC' AS order_timestamp
FROM dwh.fact_order AS line
INNER JOIN dwh.dim_product AS product
    ON
        line.seller_no = product.seller_no
        AND line.product_key = product.product_key
INNER JOIN dwh.dim_customer AS customer
    ON line.customer_key = customer.customer_key;
COMMENT ON VIEW legacy.fact_order IS
'Order lines as the former warehouse showed them, each once; grain: one order line.';
COMMENT ON COLUMN legacy.fact_order.order_id IS
'Identifier of the order: bare for the shop''s own, led by its namespace for others.';
COMMENT ON COLUMN legacy.fact_order.product_id IS 'The product; joins with dim_product.';
COMMENT ON COLUMN legacy.fact_order.customer_id IS
'Pseudonym of the customer; joins with dim_customer; null for an unknown one.';
COMMENT ON COLUMN legacy.fact_order.quantity IS 'Pieces; negative for returns.';
COMMENT ON COLUMN legacy.fact_order.unit_price IS
'Price of one piece in the currency of the line, which this view does not tell; null where the '
'former warehouse never stored one.';
COMMENT ON COLUMN legacy.fact_order.status IS 'Status of the line in capitals, such as PLACED.';
COMMENT ON COLUMN legacy.fact_order.order_timestamp IS 'Time of the order, UTC.';

-- A visitor who is a known customer bears the customer's pseudonym, so that this join says what it
-- would say on the identifiers themselves; any other bears one of its own.
CREATE VIEW legacy.fact_clickstream WITH (security_invoker = TRUE) AS
SELECT
    coalesce(click.event_ref, click.event_key::text) AS event_id,
    click.session_ref AS session_id,
    coalesce(customer.customer_id, click.user_ref) AS user_id,
    CASE
        WHEN click.route = '/product' AND click.product_id IS NOT NULL
            THEN '/product/' || click.product_id
        ELSE click.route
    END AS url,
    click.event_type,
    click.event_at AT TIME ZONE 'UTC' AS event_timestamp
FROM dwh.fact_clickstream AS click
LEFT JOIN dwh.dim_customer AS customer
    ON
        click.customer_no = customer.customer_no
        AND customer.is_current
        AND customer.customer_no > 0;
COMMENT ON VIEW legacy.fact_clickstream IS
'Visits as the former warehouse showed them, each once; grain: one event.';
COMMENT ON COLUMN legacy.fact_clickstream.event_id IS 'Identifier of the event.';
COMMENT ON COLUMN legacy.fact_clickstream.session_id IS 'Pseudonym of the session.';
COMMENT ON COLUMN legacy.fact_clickstream.user_id IS
'Pseudonym of the visitor, that of the customer where they are one; null for an anonymous one.';
COMMENT ON COLUMN legacy.fact_clickstream.url IS
'Page, reduced to its route and product: what follows is not kept.';
COMMENT ON COLUMN legacy.fact_clickstream.event_type IS 'view_page, add_to_cart or checkout_start.';
COMMENT ON COLUMN legacy.fact_clickstream.event_timestamp IS 'Time of the event, UTC.';

-- The caller's own rights decide: who reads these views reads the star as well.
GRANT USAGE ON SCHEMA legacy TO shopnow_etl, shopnow_analyst_detail, shopnow_dpo;
GRANT SELECT ON legacy.country TO shopnow_etl, shopnow_analyst_detail, shopnow_dpo;
GRANT SELECT ON legacy.dim_customer TO shopnow_etl, shopnow_analyst_detail, shopnow_dpo;
GRANT SELECT ON legacy.dim_product TO shopnow_etl, shopnow_analyst_detail, shopnow_dpo;
GRANT SELECT ON legacy.fact_order TO shopnow_etl, shopnow_analyst_detail, shopnow_dpo;
GRANT SELECT ON legacy.fact_clickstream TO shopnow_etl, shopnow_analyst_detail, shopnow_dpo;

GRANT USAGE ON SCHEMA dwh TO shopnow_analyst_detail, shopnow_dpo;
GRANT SELECT ON dwh.dim_customer TO shopnow_analyst_detail, shopnow_dpo;
GRANT SELECT ON dwh.dim_product TO shopnow_analyst_detail, shopnow_dpo;
GRANT SELECT ON dwh.dim_category TO shopnow_analyst_detail, shopnow_dpo;
GRANT SELECT ON dwh.fact_order TO shopnow_analyst_detail, shopnow_dpo;
GRANT SELECT ON dwh.fact_clickstream TO shopnow_analyst_detail, shopnow_dpo;
